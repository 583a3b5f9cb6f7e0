import { contentKeeper } from '../../shared/journal/content-keeper'
import { catalogue } from '../../shared/messages/catalogue'
import type { Group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import type { MessageType } from '../../shared/messages/message'
import type { Schedule } from '../../shared/messages/schedule'
import { schedules } from '../../shared/messages/schedules'
import { declaredWays } from '../../shared/messaging/open-broker-objects'
import type { OpenedTransport } from '../../shared/messaging/open-transport'
import { brokerOptions } from '../../shared/operations/broker-options'
import { explainRoute, type ExplainParts } from '../../shared/operations/explain-route'
import { followRoutes, type Routes } from '../../shared/operations/routes/follow-routes'
import { publishByRoutes } from '../../shared/operations/routes/publish-by-routes'
import { tracedPublishing } from '../../shared/operations/traced-publishing'
import { watchPolicies, type WatchedPolicies } from '../../shared/operations/watch-policies'
import { Routing } from '../../shared/routing/routing'
import { systemClock } from '../../shared/runtime/clock'
import { watchEventLoop } from '../../shared/runtime/event-loop'
import { listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { createMetrics } from '../../shared/runtime/metrics'
import type { Start, Surroundings } from '../../shared/runtime/run-service'
import { openTracing } from '../../shared/runtime/tracing/open-tracing'
import { openStore } from '../../shared/store/open-store'
import { keepClean } from '../../shared/store/retention'
import type { Accept } from './accept'
import { acceptance, connect, openOwnSpool } from './accepting'
import { producerFaults } from './faults/producer-faults'
import { followJournal } from './follow-journal'
import { producerServer, type ProducerServer, type ProducerServerParts } from './http/server'
import type { ProducerConfig } from './config'
import { producerMetrics, type ProducerMetrics } from './metrics'
import { notedDeferrals } from './noted-deferrals'
import { keepSchedules } from './schedules/keep-schedules'
import { readPlans } from './schedules/read-plans'
import { tracedFiring } from './schedules/traced-firing'
import { StoreDoor } from './store-door'
import { takersAmong } from './waiting/takers'
import { Waits, type WaitsParts } from './waiting/waits'

type Parts = Pick<Surroundings<ProducerConfig>, 'config' | 'logger'>

/** What a producer takes, and for whom. */
export interface ProducerDomain {
  readonly catalogue: readonly MessageType[]
  readonly groups: readonly Group[]
  readonly schedules: readonly Schedule[]
}

/** A producer of the project's own domain. */
export const startProducer = producerOf({ catalogue, groups, schedules })

/** A producer of these messages, to be started by `runService`. */
export function producerOf(domain: ProducerDomain): Start<ProducerConfig> {
  return (lifecycle, surroundings) => openProducerDoor(domain, lifecycle, surroundings)
}

/** Puts the producer together and opens its door; resolves when it listens. */
async function openProducerDoor(
  { catalogue, groups, schedules }: ProducerDomain,
  lifecycle: Lifecycle,
  { config, logger }: Surroundings<ProducerConfig>,
): Promise<void> {
  const routing = routingOf(config, groups)
  const plans = readPlans(schedules, { catalogue, namespace: config.NAMESPACE, nowMs: Date.now() })
  const metrics = createMetrics('producer')
  const scraped = { inFlight: () => transport.status().inFlight, spool: () => opened?.spool.status() }
  const own = producerMetrics(metrics.registry, scraped)
  const dropped = (spans: number) => own.spansDropped.inc(spans)
  const tracing = openTracing(lifecycle, config, { service: 'producer', logger, dropped })
  const routes = await follow(lifecycle, { catalogue, groups }, { config, logger, own })
  const store = await openStoreDoor(lifecycle, { config, logger })
  const opened = await openOwnSpool(lifecycle, { config, logger })
  const transport = await connect(config, { groups, logger, metrics: own, faults: config.FAULTS })
  lifecycle.add('broker', () => transport.close())
  const journalParts = { log: transport.journal, table: store.journal, config, logger }
  const asked = followJournal(lifecycle, { ...journalParts, dropped: () => own.journalDropped.inc() })
  const { journal } = asked
  const waits = openWaits(transport, { groups, own })
  const traced = tracedPublishing(transport, { tracing, ways: routing.ways })
  const publishing = publishByRoutes(traced, {
    ...routes,
    decided: toBoth(routes, waits),
    journal,
    contents: contentKeeper(config),
    groups,
  })
  const accepting = acceptance(lifecycle, opened, { transport, publishing, journal, logger, own })
  const accept = noted(accepting, { store, logger })
  const watched = watch(lifecycle, { config, groups }, { logger, unsafe: own.unsafePolicies })
  const server = await producerServer({
    config,
    catalogue,
    groups,
    logger,
    tracing,
    transport,
    accept,
    waits,
    webhookRefused: (provider) => own.webhooksRefused.inc({ provider }),
    ...asked,
    ways: routing.ways,
    explain: (type, event) =>
      explainRoute(type, event, { ...routing, groups, routes: routes.current(), now: Date.now }),
    routes: routes.check,
    spool: opened && (() => opened.spool.status()),
    store,
    metrics,
    ...watched,
    ...(config.FAULTS === 'on' && { faults: producerFaults({ transport, catalogue, namespace: config.NAMESPACE }) }),
  })
  await openDoor(lifecycle, server, { config, logger })
  const fired = { accept: tracedFiring(accept, tracing), counted: own.scheduleFirings }
  keepSchedules(lifecycle, plans, { store, logger, namespace: config.NAMESPACE, ...fired })
}

function follow(
  lifecycle: Lifecycle,
  known: Pick<ProducerDomain, 'catalogue' | 'groups'>,
  { config, logger, own }: Parts & { readonly own: ProducerMetrics },
): Promise<Routes> {
  return followRoutes(lifecycle, { config, logger, known, metrics: own.routes, signals: 'ours' })
}

function openWaits(
  { replies }: Pick<OpenedTransport, 'replies'>,
  { groups, own }: Pick<ProducerDomain, 'groups'> & { readonly own: ProducerMetrics },
): Waits {
  const observed: WaitsParts['observed'] = (type, outcome, seconds) =>
    own.replyWaitSeconds.observe({ type, outcome }, seconds)
  return new Waits({ replies, takersOf: takersAmong(groups), clock: systemClock, observed })
}

/** What rules have decided is counted, and whoever waits for the message hears whom it goes to. */
function toBoth(routes: Pick<Routes, 'decided'>, waits: Waits): Routes['decided'] {
  return (decision, envelope) => {
    routes.decided(decision, envelope)
    waits.decided(decision, envelope)
  }
}

function noted(accept: Accept, { store, logger }: { readonly store: StoreDoor; readonly logger: Logger }): Accept {
  const failed = (error: Error) =>
    logger.warn({ reason: error.message }, 'could not note a delay; the journal alone knows of it')
  return notedDeferrals(accept, { deferrals: store.deferrals, now: Date.now, failed })
}

async function openDoor(
  lifecycle: Lifecycle,
  { app, drain }: ProducerServer,
  { config, logger }: Parts,
): Promise<void> {
  lifecycle.add('http', () => app.close())
  await listen(app, { host: config.HOST, port: config.PRODUCER_PORT })
  lifecycle.add('readiness', drain)
  logger.info({ addresses: app.addresses() }, 'listening')
}

async function openStoreDoor(lifecycle: Lifecycle, { config, logger }: Parts): Promise<StoreDoor> {
  const store = new StoreDoor({
    open: () => openStore({ url: config.STORE_URL, migrations: [] }),
    failed: (error) => logger.warn({ reason: error.message }, 'cannot open the store; trying again'),
    random: Math.random,
  })
  lifecycle.add('store', () => store.close())
  await store.start()
  lifecycle.add(
    'cleaning',
    keepClean(store, (error) => logger.warn({ reason: error.message }, 'could not clean the store')),
  )
  return store
}

/** Throws a SettingsError for rules that cannot be asked. */
function routingOf(config: ProducerConfig, groups: readonly Group[]): Pick<ExplainParts, 'ways' | 'routing'> {
  return { routing: new Routing(groups), ways: declaredWays(brokerOptions(config, groups)) }
}

function watch(
  lifecycle: Lifecycle,
  { config, groups }: Pick<ProducerServerParts, 'groups'> & Pick<Parts, 'config'>,
  parts: Pick<WatchedPolicies, 'logger' | 'unsafe'>,
): Pick<ProducerServerParts, 'policies' | 'eventLoop'> {
  const broker = brokerOptions(config, groups)
  const policies = watchPolicies(lifecycle, { broker, everyMs: config.POLICY_CHECK_MS, ...parts })
  const eventLoop = watchEventLoop()
  lifecycle.add('event loop watch', eventLoop.close)
  return { policies, eventLoop: eventLoop.check }
}
