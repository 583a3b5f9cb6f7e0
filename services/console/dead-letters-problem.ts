import { BadLines } from '../../shared/operations/letters-in'
import { LettersNotThere } from '../../shared/operations/not-there'
import { OperationError } from '../../shared/operations/operation-error'
import { ProblemError } from '../../shared/runtime/problem-error'

/** Codes of errors by which an adapter says what stands in the way at the broker, without a secret. */
const told = ['NOT_REACHED', 'DEAD_LETTERS']

/** What went wrong at the dead letters, as an answer; what is no fault of caller or broker stays what it is. */
export function deadLettersProblem(error: unknown): unknown {
  if (error instanceof BadLines) return badLines(error)
  if (error instanceof LettersNotThere) return new ProblemError('unknown-letter', error.message)
  if (error instanceof OperationError) return new ProblemError('refused-operation', error.message)
  const { code, message } = error as { code?: unknown; message?: string }
  // A number is the broker's own refusal, such as 403 for a user who has no right to a queue.
  return told.includes(String(code)) || typeof code === 'number' ? away(String(message), error) : error
}

/** The letters cannot be got at, and why. */
export function away(reason: string, cause?: unknown): ProblemError {
  return new ProblemError('dead-letters-away', reason, { members: { reason }, headers: { 'retry-after': '5' }, cause })
}

function badLines({ message, lines }: BadLines): ProblemError {
  const members = { lines: lines.map(({ number, why }) => ({ line: number, detail: why })) }
  return new ProblemError('bad-lines', message.split('\n', 1)[0] ?? '', { members })
}
