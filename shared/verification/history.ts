import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Attempt } from './attempt'

interface Waiting {
  readonly line: string
  readonly done: PromiseWithResolvers<void>
}

/**
 * A file with one line of JSON for each attempt, kept by whoever sends and by nobody who is judged. What is written at the
 * same time is flushed to disk at once.
 */
export class History {
  readonly path: string
  readonly #file: FileHandle
  #attempts = 0
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** Rejects when there is such a file already: two runs in one history could not be told apart. */
  static async start(path: string): Promise<History> {
    return new History(path, await open(path, 'wx'))
  }

  /** How many have been written. */
  get attempts(): number {
    return this.#attempts
  }

  /** Resolves once the attempt is on disk. */
  write(attempt: Attempt): Promise<void> {
    this.#attempts++
    const done = Promise.withResolvers<void>()
    const { subject, ...rest } = attempt
    this.#waiting.push({ line: `${JSON.stringify({ subject, ...rest })}\n`, done })
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined))
    return done.promise
  }

  /** All attempts, or those about the subjects that are asked for: a long run's are too many to be held at once. */
  async read(isAsked: (subject: string) => boolean = () => true): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = []
    for await (const lines of linesIn(this.path))
      for (const line of lines) {
        if (isAsked(subjectOf(line))) attempts.push(JSON.parse(line) as Attempt)
      }
    return attempts
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      await this.#flush(group).then(
        () => group.forEach(({ done }) => done.resolve()),
        (error: unknown) => group.forEach(({ done }) => done.reject(error)),
      )
    }
  }

  async #flush(group: readonly Waiting[]): Promise<void> {
    await this.#file.appendFile(group.map(({ line }) => line).join(''))
    await this.#file.datasync()
  }
}

/** Whole lines, many at a time: one by one, waiting for each would take longer than reading it. */
async function* linesIn(path: string): AsyncGenerator<readonly string[]> {
  let begun = ''
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 1_048_576 })) {
    const lines = (begun + String(piece)).split('\n')
    begun = lines.pop() ?? ''
    yield lines
  }
}

const beforeSubject = '{"subject":'.length

// It is written first: of a million lines that are read for the sake of some, most need not be parsed.
function subjectOf(line: string): string {
  const quoted = line.slice(beforeSubject, line.indexOf('"', beforeSubject + 1) + 1)
  return quoted.includes('\\') ? (JSON.parse(line) as Attempt).subject : quoted.slice(1, -1)
}
