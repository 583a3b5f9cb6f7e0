import { createReadStream } from 'node:fs'
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
    throw new OperationError(`${file} cannot be read: ${(error as Error).message}`)
  }
  if (rest !== '') yield rest
}
