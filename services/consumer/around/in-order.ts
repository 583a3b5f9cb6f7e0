import type { Random } from '../../../shared/runtime/backoff'
import type { Delivery, Failure, InOrder, MessageName, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { GroupKey, InTheWay } from '../../../shared/store/blocked-keys'
import type { Store } from '../../../shared/store/store'
import { placeOf } from '../place-in-order'
import { waitForStore } from '../wait-for-store'
import { Closing, unlessClosing } from '../work'

export interface InOrderParts {
  readonly store: Pick<Store, 'blockedKeys' | 'trace' | 'ping'>
  /** Whether the group's rules do not want it, whatever came before. */
  readonly isUnwanted: (delivery: Delivery) => boolean
  /** What stays with a rejection, as it does around all else. */
  readonly parkedOnce: (next: OnDelivery) => OnDelivery
  readonly random: Random
}

/**
 * Lets nothing pass what was parked before it with the same key. Before a message becomes a dead letter it is on disk that it
 * blocks its key; what comes behind it is parked, unrun, in its order; replayed, each passes when nothing before it is left.
 * What the rules do not want has no order to keep: a replay would not ask them, so they are asked before it is parked.
 */
export function inOrder(next: OnDelivery, { store, isUnwanted, parkedOnce, random }: InOrderParts): OnDelivery {
  const { blockedKeys } = store
  return async (delivery, signal) => {
    const place = placeOf(delivery)
    if (place === undefined) return next(delivery, signal)
    const { of, name, kind } = place
    const patiently = <T>(ask: () => Promise<T>) => waitForStore(ask, { store, signal, random })
    // Whom the store cannot take, such as an id with a NUL, never has an effect and blocks nothing. Thrown out of here it would
    // end the channel, come back, and do so for ever.
    const leniently = (ask: () => Promise<void>) => patiently(ask).catch(unlessClosing)
    try {
      const first = await patiently(() => firstBlocking(store, of))
      const before = kind.kind === 'crowded out' ? kind.behind : isTurnOf(name, first) ? undefined : first
      const decide = before === undefined ? next : parkedOnce(outOfTurn(before, of, isUnwanted))
      const verdict = await decide(delivery, signal)
      if (isInTheWay(verdict))
        for (const each of blockingOf(kind, name)) await leniently(() => blockedKeys.block(of, [each]))
      if (verdict.kind === 'ack' && first !== undefined) await leniently(() => blockedKeys.free(of, name))
      return verdict
    } catch (error) {
      if (error instanceof Closing) return { kind: 'release' }
      throw error
    }
  }
}

function outOfTurn(before: InTheWay, of: GroupKey, isUnwanted: InOrderParts['isUnwanted']): OnDelivery {
  return (delivery) =>
    Promise.resolve(isUnwanted(delivery) ? { kind: 'ack', effect: 'filtered' } : waitsBehind(before, of))
}

/** What has expired was of no use to anybody, and so nothing has to wait until a person has seen it. */
function isInTheWay(verdict: Verdict): boolean {
  return verdict.kind === 'reject' && verdict.failure.reason !== 'expired'
}

// A consumer that had lost its channel may have noted a message late that the next one had brought to its effect by then.
async function firstBlocking(store: Pick<Store, 'blockedKeys' | 'trace'>, of: GroupKey): Promise<InTheWay | undefined> {
  const first = await store.blockedKeys.first(of)
  if (first === undefined) return undefined
  const { endedAs } = await store.trace({ group: of.group, ...first, replays: 0 })
  if (endedAs !== 'effect') return first
  await store.blockedKeys.free(of, first)
  return firstBlocking(store, of)
}

function blockingOf(kind: InOrder, name: MessageName): readonly MessageName[] {
  return kind.kind === 'crowded out' ? [kind.behind, name] : [name]
}

// A letter that was to be replaced, and is replayed: what was to take its place had not come before it.
function isTurnOf(name: MessageName, first: InTheWay | undefined): boolean {
  return first === undefined || isSame(name, first) || isSame(name, first.insteadOf)
}

function isSame(one: MessageName, other: MessageName | undefined): boolean {
  return one.id === other?.id && one.source === other.source
}

function waitsBehind(before: InTheWay, { group, key }: GroupKey): Verdict {
  const { id } = before.insteadOf ?? before
  const message = `it waits behind the message ${nameOf(before)}, which has the key ${JSON.stringify(key)} too and was parked or could not be waited for; replay that one first (npx handoff dead replay ${group} ${id}), or discard it, and replay this one then`
  const failure: Failure = { reason: 'blocked', errorClass: 'Blocked', message, stack: undefined }
  return { kind: 'reject', failure }
}

function nameOf({ id, source, insteadOf }: InTheWay): string {
  return insteadOf === undefined
    ? `${id} of ${source}`
    : `${id} of ${source}, in the place of the dead letter ${insteadOf.id}`
}
