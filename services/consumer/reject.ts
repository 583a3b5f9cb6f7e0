/** Thrown by a handler that knows trying again cannot help: the message is parked at once as `rejected`. */
export class Reject extends Error {
  readonly code = 'REJECTED'
  override readonly name = 'Reject'
}
