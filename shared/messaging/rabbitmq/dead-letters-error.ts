/** Something stands in the way at the broker, and what to do about it. */
export class DeadLettersError extends Error {
  readonly code = 'DEAD_LETTERS'
  override readonly name = 'DeadLettersError'
  /** Whether the letter that was being moved is only where it was; undefined where that is not known. */
  readonly stays: 'for certain' | undefined

  constructor(message: string, options: ErrorOptions & { readonly stays?: 'for certain' | undefined } = {}) {
    super(message, options)
    this.stays = options.stays
  }
}
