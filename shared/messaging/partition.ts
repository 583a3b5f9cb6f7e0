import { createHash } from 'node:crypto'
import type { Envelope, GroupRoute, GroupTopology } from './transport'

const maxKeyBytes = 255
const controlCharacter = /\p{Cc}/u

/**
 * The partition, from 0, that a key's messages go through: the first four bytes of the SHA-256 of its UTF-8, as one
 * number with the highest byte first, modulo the number of partitions. Who publishes past the producer computes the same.
 */
export function partitionOf(key: string, partitions: number): number {
  return createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0) % partitions
}

/**
 * The key that a message is to keep its order by: its `partitionkey`, the CloudEvents partitioning extension. Undefined
 * where there is none, and for one that no store could keep: over 255 bytes, or with control characters.
 */
export function orderingKeyOf({ extensions }: Pick<Envelope, 'extensions'>): string | undefined {
  const key = extensions['partitionkey']
  return key === undefined || keyFault(key) !== undefined ? undefined : key
}

/** Why a text can be no ordering key; undefined when it can. */
export function keyFault(key: string): string | undefined {
  const bytes = Buffer.byteLength(key)
  if (bytes === 0 || bytes > maxKeyBytes) return `it has ${bytes} bytes; 1 to ${maxKeyBytes} are allowed`
  return controlCharacter.test(key) ? 'it holds a control character' : undefined
}

/** How many partitions a group has: as many as its ordered types, which all have the same number. */
export function partitionsIn({ routes }: Pick<GroupTopology, 'routes'>): number {
  return Math.max(0, ...routes.map(partitionsOf))
}

/** Of one type; 0 stands for no order. */
export function partitionsOf({ partitions = 0 }: Pick<GroupRoute, 'partitions'>): number {
  return partitions
}

/** The partition of a message that a group is to have, undefined where it keeps no order there. */
export function partitionIn(
  { routes }: Pick<GroupTopology, 'routes'>,
  envelope: Pick<Envelope, 'type' | 'extensions'>,
): number | undefined {
  const key = orderingKeyOf(envelope)
  const route = routes.find(({ type }) => type === envelope.type)
  const partitions = route === undefined ? 0 : partitionsOf(route)
  return key === undefined || partitions === 0 ? undefined : partitionOf(key, partitions)
}
