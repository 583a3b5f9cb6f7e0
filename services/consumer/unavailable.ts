/**
 * Thrown by a handler whose dependency is down: `throw new Unavailable('payment gateway', { cause })`. The message is tried
 * again as after any other error; three of these in a row, with no success between, open the group's circuit at once.
 */
export class Unavailable extends Error {
  readonly code = 'UNAVAILABLE'
  override readonly name = 'Unavailable'

  /** `what` names the dependency, for the log and `/readyz`. */
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} is unavailable${reasonOf(options?.cause)}`, options)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : ''
}
