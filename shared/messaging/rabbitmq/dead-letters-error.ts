/** Something stands in the way at the broker, and what to do about it. */
export class DeadLettersError extends Error {
  readonly code = 'DEAD_LETTERS'
  override readonly name = 'DeadLettersError'
}
