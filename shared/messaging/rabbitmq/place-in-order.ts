import type { Message } from 'amqplib'
import { orderingKeyOf, partitionIn } from '../partition'
import type { GroupTopology, MessageName } from '../transport'
import { readMessage } from './wire'

/** What a delivery of a partition says of its place. */
export interface Place extends MessageName {
  readonly key: string
  /** Of what stands for a dead letter that is gone; `by` is what a person has put in its place. */
  readonly discarded: { readonly by: MessageName | undefined } | undefined
}

const mark = 'handoff-discarded'
const byId = 'handoff-replaced-by-id'
const bySource = 'handoff-replaced-by-source'

/** Undefined for what has no key. What cannot be read has a place where its label tells it. */
export function placeOf(message: Message, group: GroupTopology): Place | undefined {
  try {
    const content = readMessage(message, group)
    const label = content.kind === 'message' ? content.envelope : content.label
    const key = label && orderingKeyOf(label)
    if (label === undefined || key === undefined) return undefined
    // The discarding of any other is told to nobody: it would block its key for ever.
    if (content.kind === 'malformed' && partitionIn(group, label) === undefined) return undefined
    const { id, source } = label
    return { key, id, source, discarded: discardedBy(message.properties.headers ?? {}) }
  } catch {
    return undefined
  }
}

/** Headers of a message that stands for a dead letter which is gone. */
export function discardedHeaders(by: MessageName | undefined): Record<string, string | boolean> {
  return { [mark]: true, ...(by !== undefined && { [byId]: by.id, [bySource]: by.source }) }
}

function discardedBy(headers: Readonly<Record<string, unknown>>): Place['discarded'] {
  if (headers[mark] !== true) return undefined
  const { [byId]: id, [bySource]: source } = headers
  return { by: typeof id === 'string' && typeof source === 'string' ? { id, source } : undefined }
}
