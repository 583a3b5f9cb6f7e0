/** An operation makes no sense as asked, or cannot be done; the message names the thing, the value and the way out. */
export class OperationError extends Error {
  readonly code = 'OPERATION'
  override readonly name = 'OperationError'
}
