/** Why a connection or a channel could not be had, in words. */
export function describeFailure(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly Error[] }
  // A refused connection to a name with several addresses is an AggregateError with an empty message.
  return message?.trim() || errors?.map((each) => each.message).join(', ') || code || String(error)
}
