/** Something to keep running. */
export interface Program {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Resolves with true once the process is ready, with false when the signal said that it is gone. */
  readonly untilReady: (gone: AbortSignal, pid: number | undefined) => Promise<boolean>
}
