import { Writable } from 'node:stream'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { catalogue } from '../../../shared/messages/catalogue'
import type { Group } from '../../../shared/messages/group'
import { groups as ownGroups } from '../../../shared/messages/groups'
import { MemoryReplies } from '../../../shared/messaging/memory/memory-replies'
import { MemoryTransport } from '../../../shared/messaging/memory/memory-transport'
import type {
  Envelope,
  PublishOutcome,
  PublishResult,
  Route,
  Transport,
  TransportStatus,
} from '../../../shared/messaging/transport'
import { declaredWays } from '../../../shared/messaging/open-broker-objects'
import { explainRoute } from '../../../shared/operations/explain-route'
import { groupTopologies } from '../../../shared/operations/group-topology'
import { routedPublishing } from '../../../shared/operations/routes/routed-publishing'
import { noRoutes, type RouteSet } from '../../../shared/routing/routes/route-set'
import { Routing } from '../../../shared/routing/routing'
import { systemClock } from '../../../shared/runtime/clock'
import { createMetrics } from '../../../shared/runtime/metrics'
import type { CheckResult } from '../../../shared/runtime/probes'
import type { Tracing } from '../../../shared/runtime/tracing/tracing'
import type { SpoolStatus } from '../../../shared/store/spool'
import type { Reservation } from '../../../shared/store/store'
import { measured, publishInTime, type Accept } from '../../../services/producer/accept'
import { producerServer, type ProducerServerParts } from '../../../services/producer/http/server'
import type { Fingerprints } from '../../../services/producer/idempotency'
import { notedDeferrals } from '../../../services/producer/noted-deferrals'
import { producerMetrics } from '../../../services/producer/metrics'
import { takersAmong } from '../../../services/producer/waiting/takers'
import { Waits, type WaitsParts } from '../../../services/producer/waiting/waits'
import { MemoryDeferrals } from './memory-deferrals'
import { atEnd } from '../../support/ends'

export interface Published {
  readonly envelope: Envelope
  readonly route: Route
  readonly answerBy: number | undefined
}

export interface Door {
  readonly app: FastifyInstance
  readonly published: Published[]
  /** What the journal was told: ids and steps. */
  readonly noted: (readonly [string, string])[]
  readonly store: MemoryFingerprints
  readonly logged: () => readonly Record<string, unknown>[]
  readonly drain: () => void
  /** Posts JSON, or what else `options` say. */
  post(url: string, payload: unknown, options?: InjectOptions): Promise<LightMyRequestResponse>
}

export interface DoorOptions {
  readonly config?: Partial<ProducerServerParts['config']>
  /** What becomes of a publish; by default the memory transport decides. */
  readonly publish?: (published: Published) => Promise<PublishResult>
  readonly status?: Partial<TransportStatus>
  /** In place of a publish. */
  readonly accept?: Accept
  readonly spool?: () => SpoolStatus
  readonly store?: MemoryFingerprints
  /** What the journal says; nothing by default. */
  readonly find?: ProducerServerParts['find']
  /** The way back of what handlers return. */
  readonly replies?: MemoryReplies
  /** In place of the project's own. */
  readonly groups?: readonly Group[]
  /** The rules of the routes file; none by default. */
  readonly routes?: RouteSet
  /** None by default. */
  readonly tracing?: Tracing
}

/** The producer's HTTP door over a transport that keeps nothing, until the end of the test. */
export async function openDoor({
  config,
  publish,
  status,
  accept,
  spool,
  store = new MemoryFingerprints(),
  find = () => Promise.resolve({ kind: 'none' }),
  replies = new MemoryReplies(),
  groups = ownGroups,
  routes = noRoutes,
  tracing,
}: DoorOptions = {}): Promise<Door> {
  const published: Published[] = []
  const noted: Door['noted'] = []
  const lines: string[] = []
  const memory = new MemoryTransport(groupTopologies(groups))
  atEnd(() => memory.close())
  const transport: Pick<Transport, 'publish' | 'status'> = {
    publish: (envelope, route, answerBy) => {
      published.push({ envelope, route, answerBy })
      return publish === undefined ? memory.publish(envelope, route) : publish({ envelope, route, answerBy })
    },
    status: () => ({ ...memory.status(), ...status }),
  }
  const ways = declaredWays({ url: 'amqp://unused', namespace: 'test', groups: groupTopologies(groups) })
  const routing = new Routing(groups)
  const metrics = createMetrics('producer')
  const own = producerMetrics(metrics.registry, { inFlight: () => transport.status().inFlight, spool: () => spool?.() })
  const observed: WaitsParts['observed'] = (type, outcome, seconds) =>
    own.replyWaitSeconds.observe({ type, outcome }, seconds)
  const waits = new Waits({ replies, takersOf: takersAmong(groups), clock: systemClock, observed })
  const journal = { note: ({ id }: Envelope, { kind }: { readonly kind: string }) => void noted.push([id, kind]) }
  const byRules = { current: () => routes, journal, decided: waits.decided, now: Date.now }
  const publishing = routedPublishing(transport, byRules)
  const { app, drain } = await producerServer({
    config: { BODY_LIMIT: 1_048_576, RATE_LIMIT: 0, NAMESPACE: 'test', JOURNAL_SAMPLE: 1, ...config },
    catalogue,
    groups,
    logger: pino({ level: 'info' }, listener(lines)),
    tracing,
    transport,
    accept: notedDeferrals(measured(accept ?? publishInTime(publishing), own), {
      deferrals: store.deferrals,
      now: Date.now,
      failed: () => {},
    }),
    waits,
    webhookRefused: (provider) => own.webhooksRefused.inc({ provider }),
    find,
    journal,
    explain: (type, event) => explainRoute(type, event, { ways, groups, routing, routes, now: Date.now }),
    ways,
    spool,
    store,
    metrics,
    eventLoop: () => ({ status: 'ok', detail: 'in time' }),
    policies: () => ({ status: 'ok', detail: 'none' }),
    routes: () => ({ status: 'ok', detail: 'none' }),
  })
  atEnd(() => app.close())
  return {
    app,
    published,
    noted,
    store,
    drain,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    post: (url, payload, options = {}) =>
      app.inject({
        method: 'POST',
        url,
        ...options,
        headers: { 'content-type': 'application/json', ...options.headers },
        payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
      }),
  }
}

export const always =
  (outcome: PublishOutcome, detail = 'canary detail') =>
  (): Promise<PublishResult> =>
    Promise.resolve({ outcome, detail })

/** Fingerprints as a store keeps them, which can be made to be away. */
export class MemoryFingerprints implements Fingerprints {
  readonly deferrals = new MemoryDeferrals()
  readonly #kept = new Map<string, { readonly fingerprint: string; acceptedAs: string | undefined }>()
  away: Error | undefined

  async reserve(id: string, fingerprint: string): Promise<Reservation> {
    await this.#answers()
    const kept = this.#kept.get(id)
    if (kept === undefined) this.#kept.set(id, { fingerprint, acceptedAs: undefined })
    if (kept === undefined) return { kind: 'new' }
    return kept.fingerprint === fingerprint ? { kind: 'same', acceptedAs: kept.acceptedAs } : { kind: 'different' }
  }

  async accept(id: string, outcome: string): Promise<void> {
    await this.#answers()
    const kept = this.#kept.get(id)
    if (kept !== undefined) kept.acceptedAs ??= outcome
  }

  check(): Promise<CheckResult> {
    const result: CheckResult =
      this.away === undefined ? { status: 'ok', detail: 'answers' } : { status: 'degraded', detail: this.away.message }
    return Promise.resolve(result)
  }

  #answers(): Promise<void> {
    return this.away === undefined ? Promise.resolve() : Promise.reject(this.away)
  }
}

function listener(lines: string[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
}
