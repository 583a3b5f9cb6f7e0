import type { Facts } from '../messaging/broker-objects'

/** A key of a policy by which a queue keeps less than its declaration promises. */
export interface UnsafeKey {
  readonly key: string
  readonly value: unknown
  /** What it does, for a person. */
  readonly harm: string
}

type Weakens = (value: unknown, argument: unknown, definition: Facts) => boolean

/** RabbitMQ takes the lower of policy and argument. A value that is no number is not ours to judge: it counts as lower. */
const isLower: Weakens = (value, argument) => !(Number(value) >= Number(argument ?? Infinity))
/** The policy alone counts, whatever the argument says. */
const isOther: Weakens = (value, argument) => value !== argument
/** A queue that refuses what it has no room for loses nothing by a limit. */
const canDrop: Weakens = (_value, _argument, { overflow = 'reject-publish' }) => overflow !== 'reject-publish'

/**
 * The keys that matter, how RabbitMQ weighs them against our arguments, and what they do. Whether they come from a
 * policy or an operator policy makes no difference to that. Not among them: those of dead-lettering, where the argument
 * wins, and where there is none, as on a dead-letter queue, the policy keeps what would be dropped without it.
 */
const rules: Readonly<Record<string, { readonly argument: string; readonly weakens: Weakens; readonly harm: string }>> =
  {
    overflow: {
      argument: 'x-overflow',
      weakens: isOther,
      harm: 'a full queue drops messages, and dead-lettering is no longer guaranteed',
    },
    'max-length': { argument: 'x-max-length', weakens: canDrop, harm: 'messages beyond that number are dropped' },
    'max-length-bytes': { argument: 'x-max-length-bytes', weakens: canDrop, harm: 'messages beyond that are dropped' },
    'message-ttl': { argument: 'x-message-ttl', weakens: isLower, harm: 'messages are taken away after that time' },
    expires: { argument: 'x-expires', weakens: isLower, harm: 'an unused queue is deleted with its messages' },
    'delivery-limit': {
      argument: 'x-delivery-limit',
      weakens: (value, argument, definition) => argument !== undefined && isLower(value, argument, definition),
      harm: 'messages are taken away after so few returns',
    },
  }

/** Which keys of a queue's effective policy weaken it. A stream, which drops its oldest by design, promises nothing. */
export function unsafeKeys(facts: Facts, definition: Facts): readonly UnsafeKey[] {
  if (facts['x-queue-type'] === 'stream') return []
  return Object.entries(rules)
    .filter(
      ([key, { argument, weakens }]) => key in definition && weakens(definition[key], facts[argument], definition),
    )
    .map(([key, { harm }]) => ({ key, value: definition[key], harm }))
}
