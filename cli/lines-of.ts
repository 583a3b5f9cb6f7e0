import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { OperationError } from '../shared/operations/operation-error'

/**
 * The lines of a file. They end with a line feed and with nothing else: the readers of Node end them at U+2028 too, which
 * may stand in JSON as it is. Rejects with an {@link OperationError} when the file cannot be read.
 */
export async function* linesOf(file: string): AsyncIterable<string> {
  let rest = ''
  try {
    for await (const part of createReadStream(file, 'utf8')) {
      const lines = (rest + String(part)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw unreadable(file, error)
  }
  if (rest !== '') yield rest
}

/** Rejects with an {@link OperationError} for what gives its lines but once, such as a pipe, and for what is not there. */
export async function mustBeReadTwice(file: string): Promise<void> {
  const facts = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  if (facts.isFile()) return
  throw new OperationError(
    `${file} is no regular file, and an import reads it twice: write the letters into a file and import that`,
  )
}

function unreadable(file: string, error: unknown): OperationError {
  return new OperationError(`${file} cannot be read: ${(error as Error).message}`)
}
