import type { Transport } from '../../shared/messaging/transport'
import type { CheckResult, Checks } from '../../shared/runtime/probes'
import type { Store } from '../../shared/store/store'
import type { CountOutbox } from './count-outbox'
import type { Gap } from './handler-gaps'
import { checkLoad } from './load/check-load'
import type { Load } from './load/load'

/** What the checks look at; store and transport appear while the consumer starts. */
export interface Watched {
  readonly gaps: readonly Gap[]
  readonly wanted: readonly string[]
  readonly routes: () => CheckResult
  transport?: Transport
  store?: Store
  countOutbox?: CountOutbox
  policies?: () => CheckResult
  /** Where tables are to be followed. */
  following?: () => CheckResult
  load?: Pick<Load, 'status'>
  closing: boolean
}

/**
 * Ready means that messages flow, and safely: handlers for all, consumers attached at the broker, copies can be sent, the
 * store answers, no policy makes queues less safe than they were declared, and tables that are to be followed can be. A
 * group whose circuit is open waits for what its handlers depend on, which another consumer would wait for as well.
 */
export function consumerChecks(watched: Watched): Checks {
  return {
    service: () => (watched.closing ? failed('closing') : ok('running')),
    handlers: () => checkHandlers(watched.gaps),
    broker: () => checkBroker(watched),
    groups: () => checkGroups(watched),
    load: () => checkLoad(watched.load?.status() ?? []),
    policies: () => watched.policies?.() ?? ok('not looked yet'),
    routes: watched.routes,
    store: () => checkStore(watched),
    outbox: () => checkOutbox(watched),
    ...(watched.following !== undefined && { following: () => watched.following?.() ?? ok('ended') }),
  }
}

const ok = (detail: string): CheckResult => ({ status: 'ok', detail })
const failed = (detail: string): CheckResult => ({ status: 'failed', detail })

function checkHandlers(gaps: readonly Gap[]): CheckResult {
  if (gaps.length === 0) return ok('every type has its handler')
  const list = gaps.map(({ group, type }) => `${type} in group ${group}`).join(', ')
  return failed(`no handler for ${list}; add it to handlers/all.ts (the group stays detached, its messages are kept)`)
}

function checkBroker({ transport }: Watched): CheckResult {
  if (transport === undefined) return failed('not connected yet')
  const { publishing, links, recreated } = transport.status()
  const down = links.find(({ state }) => state !== 'ready')
  if (down !== undefined) return failed(`${down.name} is ${down.state}: ${down.detail}`)
  if (!publishing.ok) return failed(publishing.detail)
  if (recreated.length > 0) return { status: 'degraded', detail: `had to be made again: ${recreated.join(', ')}` }
  return ok(publishing.detail)
}

function checkGroups({ transport, wanted }: Watched): CheckResult {
  const found = new Map(transport?.status().groups.map((group) => [group.name, group]))
  const told = (names: readonly string[]) =>
    names.map((name) => `${name}: ${found.get(name)?.detail ?? 'not attached'}`).join('; ')
  const still = wanted.filter((name) => found.get(name)?.attached !== true || found.get(name)?.flow === 'stopped')
  if (still.length > 0) return failed(told(still))
  const heldUp = wanted.filter((name) => found.get(name)?.flow === 'held up')
  if (heldUp.length > 0) return { status: 'degraded', detail: told(heldUp) }
  return ok(`attached: ${wanted.join(', ')}`)
}

/** The relay does not get rid of what the broker could have. */
const stuckAfterSeconds = 60

async function checkOutbox({ countOutbox, transport }: Watched): Promise<CheckResult> {
  if (countOutbox === undefined) return ok('not open yet')
  const counts = await countOutbox().catch((error: Error) => error)
  // Whether the store answers is told by its own check.
  if (counts instanceof Error) return { status: 'degraded', detail: counts.message }
  const { waiting, oldestSeconds, oldestType, refused } = counts
  const oldest = `the oldest, of type ${oldestType}, for ${Math.round(oldestSeconds)} s`
  const detail = waiting === 0 ? 'is empty' : `holds ${waiting === 1 ? '1 message' : `${waiting} messages`}, ${oldest}`
  if (refused > 0)
    return {
      status: 'degraded',
      detail: `${refused === 1 ? '1 row is' : `${refused} rows are`} no message: see the column "refused"; it ${detail}`,
    }
  const isStuck = transport?.status().publishing.ok === true && oldestSeconds > stuckAfterSeconds
  return { status: isStuck ? 'degraded' : 'ok', detail }
}

async function checkStore({ store }: Watched): Promise<CheckResult> {
  if (store === undefined) return failed('not open yet')
  await store.ping()
  return ok('answers')
}
