import { join } from 'node:path'
import { catalogue } from '../../shared/messages/catalogue'
import type { Group } from '../../shared/messages/group'
import type { MessageType } from '../../shared/messages/message'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport } from '../../shared/messaging/open-transport'
import type { OnDelivery, Transport, TransportEvents } from '../../shared/messaging/transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { createHttpServer, listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { createMetrics, type Metrics } from '../../shared/runtime/metrics'
import { addMetrics, addProbes } from '../../shared/runtime/probes'
import type { Start, Surroundings } from '../../shared/runtime/run-service'
import { keepClean } from '../../shared/store/retention'
import type { Store } from '../../shared/store/store'
import { logged } from './around/logged'
import { measured } from './around/measured'
import { once } from './around/once'
import { parkedOnce } from './around/parked-once'
import { suspected } from './around/suspected'
import { timed } from './around/timed'
import { attachGroups } from './attach-groups'
import { consumerChecks, type Watched } from './checks'
import { countingOf } from './count-outbox'
import type { ConsumerConfig } from './config'
import { dispatcher } from './dispatch'
import { idleHandlers, missingHandlers } from './handler-gaps'
import { Gate } from './gate'
import type { Handler } from './handler'
import { HandlerTurns } from './handler-turns'
import { leakLimit } from './leak-limit'
import { limitsFor } from './limits'
import { consumerMetrics, type ConsumerMetrics } from './metrics'
import { openStorePatiently } from './open-store-patiently'
import { relayOutbox } from './relay-outbox'
import { runHandler } from './run-handler'

const sampleTables = join(__dirname, 'tables')

/** What a consumer is for. */
export interface Domain {
  readonly groups: readonly Group[]
  readonly handlers: readonly Handler[]
}

/** A consumer of these groups, to be started by `runService`. */
export function consumerOf(domain: Domain): Start<ConsumerConfig> {
  return (lifecycle, surroundings) => startConsumer(domain, lifecycle, surroundings)
}

/** Puts the consumer together: probes first, so that they answer while the store and the broker are waited for. */
async function startConsumer(
  domain: Domain,
  lifecycle: Lifecycle,
  { config, logger, fail }: Surroundings<ConsumerConfig>,
): Promise<void> {
  const { groups, handlers } = domain
  const idle = idleHandlers(groups, handlers)
  if (idle.length > 0) throw new Error(`handlers/all.ts has ${idle.join('; ')}`)
  const wanted = groups.filter(({ name }) => config.CONSUMER_GROUPS?.includes(name) ?? true)
  const watched: Watched = {
    gaps: missingHandlers(wanted, handlers),
    wanted: wanted.map(({ name }) => name),
    closing: false,
  }
  const metrics = createMetrics('consumer')
  const counters = consumerMetrics(metrics.registry, async () => watched.countOutbox?.())
  await serveProbes(lifecycle, { config, logger }, { watched, metrics })
  const store = await openStore(lifecycle, config, logger)
  watched.store = store
  watched.countOutbox = countingOf(store.outbox)
  const transport = await connect(groups, config, loggedEvents(logger, counters))
  lifecycle.add('the transport', () => transport.close())
  watched.transport = transport
  const { outbox } = store
  const { NAMESPACE: namespace } = config
  const relayed = { outbox, transport, catalogue: typesIn(groups), namespace, logger, counters }
  lifecycle.add('the relay of the outbox', await relayOutbox(relayed))
  const subscriptions = await attachGroups({
    transport,
    topologies: groupTopologies(wanted),
    gaps: watched.gaps,
    groups: wanted,
    limits: limitsFor(config.CONCURRENCY, config.BODY_LIMIT),
    onDelivery: onDelivery(domain, { store, counters, logger, fail, concurrency: config.CONCURRENCY, namespace }),
  })
  lifecycle.add('the groups', async () => {
    watched.closing = true
    await Promise.all(subscriptions.map((subscription) => subscription.close(config.SHUTDOWN_TIMEOUT_MS * drainShare)))
  })
}

/** What the outbox may hold: every type, also one that only this consumer's groups know. */
function typesIn(groups: readonly Group[]): readonly MessageType[] {
  const types = [...catalogue, ...groups.flatMap((group) => group.types)]
  return [...new Map(types.map((type) => [type.name, type])).values()]
}

function connect(groups: readonly Group[], config: ConsumerConfig, events: TransportEvents): Promise<Transport> {
  return openTransport({
    url: config.BROKER_URL,
    namespace: config.NAMESPACE,
    groups: groupTopologies(groups),
    name: 'consumer',
    tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
    events,
  })
}

// The rest of the time is for giving back what did not finish and for letting the broker and the store go.
const drainShare = 0.8

async function serveProbes(
  lifecycle: Lifecycle,
  { config, logger }: Pick<Surroundings<ConsumerConfig>, 'config' | 'logger'>,
  { watched, metrics }: { readonly watched: Watched; readonly metrics: Metrics },
): Promise<void> {
  const server = createHttpServer({ logger, bodyLimit: config.BODY_LIMIT })
  addProbes(server, consumerChecks(watched))
  addMetrics(server, metrics)
  await listen(server, { host: config.HOST, port: config.CONSUMER_PORT })
  lifecycle.add('the HTTP server', () => server.close())
}

interface DeliveryParts {
  readonly store: Store
  readonly counters: ConsumerMetrics
  readonly logger: Logger
  readonly fail: (why: string) => void
  readonly concurrency: number
  readonly namespace: string
}

function onDelivery({ groups, handlers }: Domain, parts: DeliveryParts): OnDelivery {
  const { store, counters, logger, fail, concurrency, namespace } = parts
  const random = Math.random
  const run = timed(runHandler(logger, namespace), leakLimit(counters.leakedHandlers, fail))
  const turns = new HandlerTurns(concurrency)
  const dispatch = dispatcher({ handlers, work: once({ store, run, turns, random }), random })
  const guarded = parkedOnce(suspected(dispatch, { store, gate: new Gate(), random }), { store, random })
  const knownTypes = new Set(groups.flatMap(({ types }) => types.map(({ name }) => name)))
  return logged(measured(guarded, counters, knownTypes), logger)
}

async function openStore(lifecycle: Lifecycle, config: ConsumerConfig, logger: Logger): Promise<Store> {
  const waiting = new AbortController()
  lifecycle.add('waiting for the store', () => waiting.abort())
  const store = await openStorePatiently({ url: config.STORE_URL, migrations: [sampleTables] }, waiting.signal, logger)
  lifecycle.add('the store', () => store.close())
  lifecycle.add(
    'the cleaning of the store',
    keepClean(store, (error) => logger.warn({ err: error }, 'the store could not be cleaned')),
  )
  return store
}
