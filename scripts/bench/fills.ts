import type { Consumer, Fill } from './contestant'

/** So many messages for a consumer's queue, made while they are taken. */
export function* fills({ message }: Pick<Consumer, 'message'>, count: number): Iterable<Fill> {
  for (let serial = 0; serial < count; serial++) yield message(serial)
}
