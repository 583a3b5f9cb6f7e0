import type { Folder, SpoolFile } from '../../shared/store/spool/folder'

interface Content {
  /** What a reader of the running system sees. */
  written: Buffer
  /** What a power failure leaves for certain. */
  flushed: Buffer
}

type Operation = 'contents' | 'create' | 'open' | 'write' | 'read' | 'datasync' | 'truncate' | 'remove'

/** A folder in memory that tells flushed bytes from written ones, fails on demand, and can lose its power. */
export class SimulatedFolder implements Folder {
  readonly path = 'simulated'
  /** Throws for an operation that is to fail; answers with how many bytes a write takes, where not all. */
  fails: (operation: Operation, name: string) => number | void = () => {}
  /** What an operation has to wait for. */
  before: (operation: Operation) => Promise<void> | undefined = () => undefined
  flushes = 0
  readonly #files = new Map<string, Content>()

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.#files.keys()].sort())
  }

  create(name: string): Promise<SpoolFile> {
    return this.#attempt(() => {
      this.fails('create', name)
      if (this.#files.has(name)) throw new Error(`EEXIST: ${name}`)
      return this.#opened(name)
    })
  }

  open(name: string): Promise<SpoolFile> {
    return this.#attempt(() => {
      this.fails('open', name)
      return this.#opened(name)
    })
  }

  contents(name: string): Promise<Buffer> {
    return this.#attempt(() => {
      this.fails('contents', name)
      const content = this.#files.get(name)
      if (content === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' })
      return Buffer.from(content.written)
    })
  }

  remove(name: string): Promise<void> {
    return this.#attempt(() => {
      this.fails('remove', name)
      this.#files.delete(name)
    })
  }

  /** Changes what is written, flushed or not. */
  alter(name: string, change: (bytes: Buffer) => Buffer): void {
    const content = this.#content(name)
    content.written = change(Buffer.from(content.written))
    content.flushed = Buffer.from(content.written)
  }

  /** What is left after a power failure that keeps so much of what was not flushed, from 0 to 1. */
  afterPowerFailure(share: number): SimulatedFolder {
    const left = new SimulatedFolder()
    for (const [name, { written, flushed }] of this.#files) {
      const kept = flushed.length + Math.floor(Math.max(0, written.length - flushed.length) * share)
      const bytes = Buffer.concat([flushed, written.subarray(flushed.length, kept)])
      left.#files.set(name, { written: bytes, flushed: bytes })
    }
    return left
  }

  #content(name: string): Content {
    const content = this.#files.get(name)
    if (content === undefined) throw new Error(`there is no ${name}`)
    return content
  }

  #attempt<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work()))
  }

  #opened(name: string): SpoolFile {
    const content = this.#files.get(name) ?? { written: Buffer.alloc(0), flushed: Buffer.alloc(0) }
    this.#files.set(name, content)
    const write = (bytes: Buffer, offset: number, length: number, position: number) =>
      this.#attempt(() => {
        const bytesWritten = Math.min(length, this.fails('write', name) ?? length)
        const end = Math.max(content.written.length, position + bytesWritten)
        const next = Buffer.alloc(end)
        content.written.copy(next)
        bytes.copy(next, position, offset, offset + bytesWritten)
        content.written = next
        return { bytesWritten, buffer: bytes }
      })
    const read = (into: Buffer, offset: number, length: number, position: number) =>
      this.#attempt(() => {
        this.fails('read', name)
        const bytesRead = content.written.copy(into, offset, position, position + length)
        return { bytesRead, buffer: into }
      })
    const file = {
      write,
      read,
      datasync: async () => {
        await this.before('datasync')
        this.fails('datasync', name)
        this.flushes++
        content.flushed = Buffer.from(content.written)
      },
      truncate: (length: number) =>
        this.#attempt(() => {
          this.fails('truncate', name)
          content.written = Buffer.from(content.written.subarray(0, length))
        }),
      close: () => Promise.resolve(),
    }
    return file as unknown as SpoolFile
  }
}
