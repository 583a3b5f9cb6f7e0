import { join } from 'node:path'
import { contentKeeper } from '../../shared/journal/content-keeper'
import type { Journal } from '../../shared/journal/journal'
import { openJournal } from '../../shared/journal/open-journal'
import { catalogue } from '../../shared/messages/catalogue'
import { typesIn, type Group } from '../../shared/messages/group'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport, type OpenedTransport } from '../../shared/messaging/open-transport'
import { declaredWays } from '../../shared/messaging/open-broker-objects'
import { brokerOptions } from '../../shared/operations/broker-options'
import { groupTopologies } from '../../shared/operations/group-topology'
import { followRoutes, type Routes } from '../../shared/operations/routes/follow-routes'
import { publishByRoutes } from '../../shared/operations/routes/publish-by-routes'
import { tracedPublishing } from '../../shared/operations/traced-publishing'
import { watchPolicies } from '../../shared/operations/watch-policies'
import { Routing } from '../../shared/routing/routing'
import { addFaultsDoor } from '../../shared/runtime/faults-door'
import { createHttpServer, listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { createMetrics, type Metrics } from '../../shared/runtime/metrics'
import { addMetrics, addProbes } from '../../shared/runtime/probes'
import type { Start, Surroundings } from '../../shared/runtime/run-service'
import { openTracing } from '../../shared/runtime/tracing/open-tracing'
import type { Tracing } from '../../shared/runtime/tracing/tracing'
import { keepClean } from '../../shared/store/retention'
import type { Store } from '../../shared/store/store'
import { discardsHeard } from './around/discards-heard'
import { attachGroups } from './attach-groups'
import { consumerChecks, type Watched } from './checks'
import { countingOf } from './count-outbox'
import { deciding, type Domain } from './deciding'
import type { ConsumerConfig } from './config'
import { consumerFaults } from './faults/consumer-faults'
import { Hangs } from './faults/hangs'
import { followTables } from './follow-tables'
import { idleHandlers, missingHandlers } from './handler-gaps'
import { limitsFor } from './limits'
import { observed } from './observed'
import { addBlockedKeys } from './blocked-keys-metric'
import { startLoad } from './start-load'
import { consumerMetrics, type ConsumerMetrics } from './metrics'
import { openStorePatiently } from './open-store-patiently'
import { relayOutbox } from './relay-outbox'

const sampleTables = join(__dirname, 'tables')
const random = Math.random

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
  const { groups, tables = sampleTables } = domain
  const routing = new Routing(groups)
  const wanted = groups.filter(({ name }) => config.CONSUMER_GROUPS?.includes(name) ?? true)
  const metrics = createMetrics('consumer')
  const counters = countersOf(metrics, () => watched)
  const dropped = (spans: number) => counters.spansDropped.inc(spans)
  const tracing = openTracing(lifecycle, config, { service: 'consumer', logger, dropped })
  const known = { catalogue: typesIn(catalogue, groups), groups }
  const routes = await followRoutes(lifecycle, { config, known, logger, metrics: counters.routes, signals: 'ours' })
  const watched = watchedOf(domain, wanted, { config, routes: routes.check })
  const hangs = config.FAULTS === 'on' ? new Hangs(domain.handlers) : undefined
  await serveProbes(lifecycle, { config, logger }, { watched, metrics, hangs })
  const store = await openStore(lifecycle, { config, tables }, logger)
  watched.store = store
  watched.countOutbox = countingOf(store.outbox)
  const transport = await connect(lifecycle, groups, { config, logger, counters, watched })
  const journal = startJournal(lifecycle, transport, { config, logger, counters })
  const relayed = { store, transport, tracing, journal, logger, counters, routes, config }
  await startRelay(lifecycle, groups, relayed)
  follow(lifecycle, groups, { config, store, logger, counters, watched })
  const limits = limitsFor(config.CONCURRENCY, config.BODY_LIMIT)
  const load = startLoad(lifecycle, wanted, { config, limits, logger, counters, random })
  watched.load = load
  const leaked = counters.leakedHandlers
  const decide = deciding(domain, { routing, store, leaked, load, logger, tracing, fail, config, random, hangs })
  const subscriptions = await attachGroups({
    transport,
    topologies: groupTopologies(wanted),
    gaps: watched.gaps,
    groups: wanted,
    limits,
    onDelivery: discardsHeard(observed(decide, { groups, transport, tracing, journal, counters, logger }), {
      store,
      random,
    }),
  })
  lifecycle.add('the groups', async () => {
    watched.closing = true
    load.close()
    await Promise.all(subscriptions.map((subscription) => subscription.close(config.SHUTDOWN_TIMEOUT_MS * drainShare)))
  })
}

function countersOf({ registry }: Metrics, watched: () => Watched): ConsumerMetrics {
  addBlockedKeys(registry, async () => (await watched().store?.blockedKeys.counts()) ?? [])
  return consumerMetrics(registry, async () => watched().countOutbox?.())
}

/** Throws when a handler is for what none of the groups takes. */
function watchedOf(
  { groups, handlers }: Domain,
  wanted: readonly Group[],
  { config, routes }: { readonly config: Pick<ConsumerConfig, 'FOLLOW_TABLES'>; readonly routes: Routes['check'] },
): Watched {
  const idle = idleHandlers(groups, handlers)
  if (idle.length > 0) throw new Error(`handlers/all.ts has ${idle.join('; ')}`)
  const gaps = missingHandlers(wanted, handlers)
  const watched = { gaps, wanted: wanted.map(({ name }) => name), routes, closing: false }
  if (config.FOLLOW_TABLES === undefined) return watched
  return { ...watched, following: () => ({ status: 'degraded', detail: 'not begun yet' }) }
}

interface ConnectParts {
  readonly config: ConsumerConfig
  readonly logger: Logger
  readonly counters: ConsumerMetrics
  readonly watched: Watched
}

async function connect(
  lifecycle: Lifecycle,
  groups: readonly Group[],
  { config, logger, counters, watched }: ConnectParts,
): Promise<OpenedTransport> {
  const broker = brokerOptions(config, groups)
  const transport = await openTransport({
    ...broker,
    name: 'consumer',
    events: loggedEvents(logger, counters),
    faults: config.FAULTS,
  })
  lifecycle.add('the transport', () => transport.close())
  watched.transport = transport
  const unsafe = counters.unsafePolicies
  watched.policies = watchPolicies(lifecycle, { broker, everyMs: config.POLICY_CHECK_MS, logger, unsafe })
  return transport
}

function startJournal(
  lifecycle: Lifecycle,
  transport: OpenedTransport,
  { config, logger, counters }: Omit<ConnectParts, 'watched'>,
): Journal {
  return openJournal(lifecycle, {
    log: transport.journal,
    share: config.JOURNAL_SAMPLE,
    logger,
    dropped: () => counters.journalDropped.inc(),
  })
}

interface RelayParts {
  readonly store: Store
  readonly transport: OpenedTransport
  readonly tracing: Tracing | undefined
  readonly journal: Journal
  readonly logger: Logger
  readonly counters: ConsumerMetrics
  readonly routes: Routes
  readonly config: ConsumerConfig
}

async function startRelay(lifecycle: Lifecycle, groups: readonly Group[], parts: RelayParts): Promise<void> {
  const { store, transport, tracing, journal, routes, config, ...others } = parts
  const traced = tracedPublishing(transport, { tracing, ways: declaredWays(brokerOptions(config, groups)) })
  const publishing = publishByRoutes(traced, {
    ...routes,
    journal,
    contents: contentKeeper(config),
    groups,
    last: 'last',
  })
  const { outbox } = store
  const { NAMESPACE: namespace } = config
  const relayed = {
    outbox,
    transport,
    publishing,
    journal,
    catalogue: typesIn(catalogue, groups),
    namespace,
    ...others,
  }
  lifecycle.add('the relay of the outbox', await relayOutbox(relayed))
}

interface FollowParts {
  readonly config: ConsumerConfig
  readonly store: Store
  readonly logger: Logger
  readonly counters: ConsumerMetrics
  readonly watched: Watched
}

/** By its end this comes before the relay, which is still there for what was read last. */
function follow(lifecycle: Lifecycle, groups: readonly Group[], { store, watched, ...parts }: FollowParts): void {
  const { FOLLOW_TABLES: followed } = parts.config
  if (followed === undefined) return
  const { outbox } = store
  watched.following = followTables(lifecycle, { ...parts, followed, outbox, catalogue: typesIn(catalogue, groups) })
}

// The rest of the time is for giving back what did not finish and for letting the broker and the store go.
const drainShare = 0.8

async function serveProbes(
  lifecycle: Lifecycle,
  { config, logger }: Pick<Surroundings<ConsumerConfig>, 'config' | 'logger'>,
  {
    watched,
    metrics,
    hangs,
  }: { readonly watched: Watched; readonly metrics: Metrics; readonly hangs: Hangs | undefined },
): Promise<void> {
  const server = createHttpServer({ logger, bodyLimit: config.BODY_LIMIT })
  addProbes(server, consumerChecks(watched))
  addMetrics(server, metrics)
  if (hangs !== undefined) addFaultsDoor(server, { acts: consumerFaults(() => watched.transport, hangs), logger })
  await listen(server, { host: config.HOST, port: config.CONSUMER_PORT })
  lifecycle.add('the HTTP server', () => server.close())
}

async function openStore(
  lifecycle: Lifecycle,
  { config, tables }: { readonly config: ConsumerConfig; readonly tables: string },
  logger: Logger,
): Promise<Store> {
  const waiting = new AbortController()
  lifecycle.add('waiting for the store', () => waiting.abort())
  const store = await openStorePatiently({ url: config.STORE_URL, migrations: [tables] }, waiting.signal, logger)
  lifecycle.add('the store', () => store.close())
  lifecycle.add(
    'the cleaning of the store',
    keepClean(store, (error) => logger.warn({ err: error }, 'the store could not be cleaned')),
  )
  return store
}
