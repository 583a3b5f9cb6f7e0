import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { OperationError } from '../shared/operations/operation-error'
import type { Surroundings } from './surroundings'
import { writeWhole } from './write-whole'

/** What was written is not all with whoever was to have it. */
export class OutputError extends OperationError {
  /** The reader has gone; otherwise, such as of a disk that is full, it is undefined which part is there. */
  readonly isReaderGone: boolean

  constructor(cause: NodeJS.ErrnoException) {
    super(`standard output takes no more: ${cause.message}`, { cause })
    this.isReaderGone = cause.code === 'EPIPE'
  }
}

type Output = Pick<Surroundings, 'out' | 'taken'>

/** Lines to standard output, be it a pipe, a terminal or a file. */
export function outputTo(stream: Writable & { readonly fd: number }): Output {
  return stream instanceof Socket ? toReader(stream) : toFile(stream.fd)
}

/** What a pipe has no room for waits in our memory. */
function toReader(stream: Writable): Output {
  let failure: Error | undefined
  let last = Promise.resolve()
  const fail = (error: Error | null | undefined) => void (failure ??= error ?? undefined)
  stream.on('error', fail)
  return {
    out: (line) => {
      last = new Promise((resolve) => {
        stream.write(`${line}\n`, (error) => {
          fail(error)
          resolve()
        })
      })
    },
    taken: async (signal) => {
      await unlessAborted(last, signal)
      if (failure !== undefined) throw new OutputError(failure)
    },
  }
}

/** By hand: the stream that Node has for files takes a write that fell short for a whole one. */
function toFile(descriptor: number): Output {
  let failure: Error | undefined
  return {
    out: (line) => {
      if (failure !== undefined) return
      try {
        writeWhole(descriptor, `${line}\n`)
      } catch (error) {
        failure = error as Error
      }
    },
    taken: () => (failure === undefined ? Promise.resolve() : Promise.reject(new OutputError(failure))),
  }
}

/** `work` does not reject. */
function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
    void work.then(done)
  })
}
