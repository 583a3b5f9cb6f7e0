import type { MessageType } from '../../../shared/messages/message'
import type { Transport } from '../../../shared/messaging/transport'
import type { Struck } from '../../../shared/runtime/faults-door'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { exampleOf } from './example-of'
import { publishPast } from './publish-past'

interface Repeat {
  readonly type: MessageType
  /** As they were asked for. */
  readonly id: unknown
  readonly source: unknown
}

/**
 * Publishes a type's example once more under an id that it was sent with before. The inbox of whoever gets it knows whether
 * it has had its effect, also when the process that applied it was killed before it could tell.
 */
export async function repeat(transport: Pick<Transport, 'publish'>, { type, id, source }: Repeat): Promise<Struck> {
  if (typeof id !== 'string' || typeof source !== 'string' || id === '')
    throw new ProblemError('refused-operation', '"id" and "source" name the message, and one of them is no text')
  const message = await publishPast(transport, { type, id, source, copies: 1, ...exampleOf(type) })
  return { detail: `the ${type.name} ${id} once more`, messages: [message] }
}
