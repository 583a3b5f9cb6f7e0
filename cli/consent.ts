import { createInterface } from 'node:readline/promises'
import { PassThrough } from 'node:stream'
import { OperationError } from '../shared/operations/operation-error'
import type { Surroundings } from './surroundings'

/** What is to be agreed to. */
export interface Question {
  readonly text: string
  /** The whole command that needs no answer. */
  readonly withoutAsking: string
}

/** Asks a person, no being the default and the answer of the signal. Throws an {@link OperationError} where nobody can answer. */
export async function askFor(
  { text, withoutAsking }: Question,
  { stdin, err, isTerminal }: Pick<Surroundings, 'stdin' | 'err' | 'isTerminal'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isTerminal)
    throw new OperationError(`without a terminal nobody can answer "${text}"; if you mean it: ${withoutAsking}`)
  err(`${text} [y/N]`)
  const lines = createInterface({ input: stdin, output: new PassThrough(), terminal: false, signal })
  try {
    for await (const answer of lines) return /^y(es)?$/i.test(answer.trim())
    return false
  } finally {
    lines.close()
  }
}
