/** A way to keep messages on disk until they are sent. */
export interface BenchSpool {
  readonly name: string
  /** Empty, in a folder of its own. */
  readonly open: (folder: string) => Promise<OpenBenchSpool>
}

export interface OpenBenchSpool {
  /** Resolves, once it is on disk, with how to take it: it is read and done with. */
  readonly store: (bytes: Buffer) => Promise<() => Promise<unknown>>
  readonly close: () => Promise<void>
}
