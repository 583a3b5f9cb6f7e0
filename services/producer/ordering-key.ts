import type { MessageType } from '../../shared/messages/message'
import { keyFault } from '../../shared/messaging/partition'
import { ProblemError } from '../../shared/runtime/problem-error'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The key of a Handoff-Key header; undefined without one. Throws a problem when it is no text of 1 to 255 bytes in UTF-8
 * without control characters, or the type keeps no order.
 */
export function parseOrderingKey(header: string | string[] | undefined, type: MessageType): string | undefined {
  if (header === undefined) return undefined
  const key = textOf(String(header))
  const fault = key === undefined ? 'it is not UTF-8' : keyFault(key)
  if (key === undefined || fault !== undefined)
    throw new ProblemError('invalid-ordering-key', `the Handoff-Key cannot be used: ${fault}`)
  if (type.partitions === 0) throw new ProblemError('no-order', noOrder(type))
  return key
}

/** A key as the extension that travels; nothing where there is none. */
export function orderingExtension(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? {} : { partitionkey: key }
}

/** Why messages of a type cannot be kept in order, and what to do about it. */
export function noOrder({ name }: MessageType): string {
  return `messages of the type "${name}" are not kept in order; give it partitions where it is defined, such as { partitions: 4 }, or send it without a key`
}

/** HTTP hands the bytes of a header over as Latin-1. */
function textOf(header: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(header, 'latin1'))
  } catch {
    return undefined
  }
}
