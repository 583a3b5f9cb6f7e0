import type { Static, TSchema } from 'typebox'

/** How hard a consumer tries: facts of the message type, the same in every group that takes it. */
export interface DeliveryFacts {
  /** Runs of a handler before the message is parked; the first is 1. */
  readonly attempts: number
  /** Waits between the attempts, in milliseconds; the last one repeats. Each becomes a delay tier of the group. */
  readonly delaysMs: readonly number[]
  /** How long one attempt may take, in milliseconds. Keep it well below the broker's consumer timeout (30 minutes). */
  readonly timeLimitMs: number
}

/**
 * What makes a message accepted:
 * - `confirm`: the broker has it. While the broker cannot take it the caller is refused.
 * - `confirm-then-spool`: the broker has it or, where that cannot be had soon, the producer's own disk.
 * - `spool-first`: the producer's disk has it, always; the broker gets it from there. The same time for each, also in an
 *   outage, at the price of a write more for each message.
 */
export type Acceptance = 'confirm' | 'confirm-then-spool' | 'spool-first'

/** One kind of message: the contract that producer and consumer share. */
export interface MessageType<S extends TSchema = TSchema> {
  readonly kind: 'command' | 'event'
  /** Dotted and lower case, `order.placed`; also the routing key. */
  readonly name: string
  /** JSON Schema of the data, used unchanged by HTTP validation, the consumer and OpenAPI. */
  readonly schema: S
  readonly description: string
  /** Valid data, shown in the API documents; a test checks each against the schema. */
  readonly examples: readonly Static<S>[]
  readonly delivery: DeliveryFacts
  readonly acceptance: Acceptance
  /** In how many partitions messages with an ordering key are kept in order, in each group that takes them; 0: none are. */
  readonly partitions: number
}

export interface MessageFacts<S extends TSchema> {
  readonly description: string
  readonly examples: readonly Static<S>[]
  readonly delivery?: Partial<DeliveryFacts>
  /** `confirm-then-spool` by default. */
  readonly acceptance?: Acceptance
  /** A whole number from 0, the default, to 64. Changing it needs drained queues: docs/how-to/keep-order.md. */
  readonly partitions?: number
}

const defaultDelivery: DeliveryFacts = {
  attempts: 5,
  delaysMs: [500, 5_000, 30_000, 300_000],
  timeLimitMs: 30_000,
}

const mostPartitions = 64
/** A consumer holds what waits for its turn, and those behind it; the broker takes away what is held for too long. */
const longestHeldMs = 900_000

/** A message that keeps its place waits in its consumer, and never longer than this between two attempts. */
export const longestWaitInPlaceMs = 300_000

const namePattern = /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/

/** A command asks one group to do something once. Throws when the name or the delivery facts make no sense. */
export function command<S extends TSchema>(name: string, schema: S, facts?: MessageFacts<S>): MessageType<S> {
  return define('command', name, schema, facts)
}

/** An event tells every group that cares that something has happened. Throws like {@link command}. */
export function event<S extends TSchema>(name: string, schema: S, facts?: MessageFacts<S>): MessageType<S> {
  return define('event', name, schema, facts)
}

/** The media type of the data on the wire: text for a string schema, JSON for every other. */
export function contentTypeOf(type: MessageType): 'text/plain' | 'application/json' {
  return (type.schema as { type?: unknown }).type === 'string' ? 'text/plain' : 'application/json'
}

function define<S extends TSchema>(
  kind: MessageType['kind'],
  name: string,
  schema: S,
  facts: MessageFacts<S> = { description: name, examples: [] },
): MessageType<S> {
  if (!namePattern.test(name) || name.length > 127)
    throw new Error(`message type "${name}": use lower-case words joined by dots, such as "order.placed"`)
  const delivery = { ...defaultDelivery, ...facts.delivery }
  checkDelivery(name, delivery)
  const { description, examples, acceptance = 'confirm-then-spool', partitions = 0 } = facts
  checkPartitions(name, partitions, delivery)
  return Object.freeze({ kind, name, schema, description, examples, delivery, acceptance, partitions })
}

function checkDelivery(name: string, { attempts, delaysMs, timeLimitMs }: DeliveryFacts): void {
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new Error(`message type "${name}": attempts is ${attempts}; use a whole number from 1`)
  const wrongDelay = delaysMs.find((delayMs) => !Number.isInteger(delayMs) || delayMs < 1)
  if (wrongDelay !== undefined)
    throw new Error(`message type "${name}": delay ${wrongDelay} ms; use whole milliseconds from 1`)
  if (attempts > 1 && delaysMs.length === 0)
    throw new Error(`message type "${name}": ${attempts} attempts need at least one delay`)
  if (!(timeLimitMs > 0))
    throw new Error(`message type "${name}": timeLimitMs is ${timeLimitMs}; use a positive number`)
}

function checkPartitions(name: string, partitions: number, delivery: DeliveryFacts): void {
  if (!Number.isInteger(partitions) || partitions < 0 || partitions > mostPartitions)
    throw new Error(
      `message type "${name}": partitions is ${partitions}; use a whole number from 0 to ${mostPartitions}`,
    )
  const heldMs = longestHoldMs(delivery)
  if (partitions > 0 && heldMs > longestHeldMs)
    throw new Error(
      `message type "${name}": its attempts take up to ${heldMs} ms, and a message that keeps its order is held by its consumer for all of them; use fewer attempts, shorter delays or a lower timeLimitMs, so that they take at most ${longestHeldMs} ms`,
    )
}

function longestHoldMs({ attempts, delaysMs, timeLimitMs }: DeliveryFacts): number {
  const waits = Array.from({ length: attempts - 1 }, (_, at) => delaysMs[at] ?? delaysMs.at(-1) ?? 0)
  return waits.reduce((sum, ms) => sum + Math.min(ms, longestWaitInPlaceMs), attempts * timeLimitMs)
}
