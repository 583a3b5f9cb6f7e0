import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import type { Envelope } from '../../../shared/messaging/transport'

/** A type's first example, as it travels. */
export function exampleOf(type: MessageType): Pick<Envelope, 'contentType' | 'data'> {
  const contentType = contentTypeOf(type)
  const [example] = type.examples
  return { contentType, data: Buffer.from(contentType === 'text/plain' ? String(example) : JSON.stringify(example)) }
}
