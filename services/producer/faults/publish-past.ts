import type { MessageType } from '../../../shared/messages/message'
import type { Envelope, Transport } from '../../../shared/messaging/transport'
import { isoNow } from '../../../shared/runtime/iso-now'
import { ProblemError } from '../../../shared/runtime/problem-error'

export interface PastTheDoor extends Pick<Envelope, 'id' | 'source' | 'contentType' | 'data'> {
  readonly type: MessageType
  readonly copies: number
}

/** Publishes a message past all that stands before the broker, so many times with one id. Rejects where it is not confirmed. */
export async function publishPast(
  transport: Pick<Transport, 'publish'>,
  { type, copies, ...rest }: PastTheDoor,
): Promise<{ readonly id: string; readonly source: string }> {
  const envelope: Envelope = { ...rest, type: type.name, time: isoNow(), extensions: {} }
  const publish = () => transport.publish(envelope, { kind: type.kind })
  const results = await Promise.all(Array.from({ length: copies }, publish))
  const failed = results.find(({ outcome }) => outcome !== 'confirmed')
  if (failed !== undefined) throw new ProblemError('fault-unavailable', `${failed.outcome}: ${failed.detail}`)
  return { id: rest.id, source: rest.source }
}
