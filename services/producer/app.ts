import { Drain } from '../../shared/forwarding/drain'
import { loggedDrain } from '../../shared/forwarding/logged-drain'
import { groups } from '../../shared/messages/groups'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport } from '../../shared/messaging/open-transport'
import type { Transport } from '../../shared/messaging/transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { systemClock } from '../../shared/runtime/clock'
import { watchEventLoop } from '../../shared/runtime/event-loop'
import { listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { createMetrics } from '../../shared/runtime/metrics'
import type { Surroundings } from '../../shared/runtime/run-service'
import { openSpool } from '../../shared/store/open-spool'
import { openStore } from '../../shared/store/open-store'
import { keepClean } from '../../shared/store/retention'
import type { OpenedSpool } from '../../shared/store/spool'
import { measured, publishInTime, type Accept } from './accept'
import { producerServer } from './http/server'
import type { ProducerConfig } from './config'
import { producerMetrics, type ProducerMetrics } from './metrics'
import { SpoolAcceptance } from './spool/accept-by-spool'
import { loggedSpool } from './spool/logged-spool'
import { spooledMessages } from './spool/spooled-messages'
import { StoreDoor } from './store-door'

type Parts = Pick<Surroundings<ProducerConfig>, 'config' | 'logger'>

/** Puts the producer together and opens its door; resolves when it listens. */
export async function startProducer(
  lifecycle: Lifecycle,
  { config, logger }: Surroundings<ProducerConfig>,
): Promise<void> {
  const metrics = createMetrics('producer')
  const own = producerMetrics(metrics.registry, {
    inFlight: () => transport.status().inFlight,
    spool: () => opened?.spool.status(),
  })
  const store = await openStoreDoor(lifecycle, { config, logger })
  const opened = await openOwnSpool(lifecycle, { config, logger })
  const transport = await connect(config, { logger, metrics: own })
  lifecycle.add('broker', () => transport.close())
  const eventLoop = watchEventLoop()
  lifecycle.add('event loop watch', eventLoop.close)
  const accept =
    opened === undefined ? publishInTime(transport) : acceptBySpool(lifecycle, { opened, transport, logger, own })
  const { app, drain } = await producerServer({
    config,
    logger,
    transport,
    accept: measured(accept, own),
    spool: opened && (() => opened.spool.status()),
    store,
    metrics,
    eventLoop: eventLoop.check,
  })
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

/** Undefined where the settings want none. Closed after the broker, whose last confirms it still has to note. */
async function openOwnSpool(lifecycle: Lifecycle, { config, logger }: Parts): Promise<OpenedSpool | undefined> {
  if (config.SPOOL_MAX_BYTES === 0) return undefined
  const { SPOOL_PATH: path, SPOOL_MAX_BYTES: maxBytes } = config
  const opened = await openSpool({ path, maxBytes, events: loggedSpool(logger) })
  lifecycle.add('spool', () => opened.spool.close())
  if (opened.found.length > 0)
    logger.info(
      { messages: opened.found.length },
      'messages are in the spool; they are sent when the broker takes them',
    )
  return opened
}

interface SpoolSurroundings {
  readonly opened: OpenedSpool
  readonly transport: Transport
  readonly logger: Logger
  readonly own: ProducerMetrics
}

function acceptBySpool(lifecycle: Lifecycle, { opened, transport, logger, own }: SpoolSurroundings): Accept {
  const { spool, found } = opened
  const canPublish = () => transport.status().publishing.ok
  const drain = new Drain({
    transport,
    canPublish,
    from: spooledMessages(spool),
    events: loggedDrain(logger, { place: 'spool', left: (fate) => own.spoolLeft.inc({ fate }) }),
    clock: systemClock,
    random: Math.random,
  })
  lifecycle.add('drain of the spool', () => drain.stop())
  for (const kept of found) drain.add(kept)
  const publish = publishInTime(transport)
  return new SpoolAcceptance({ publish, canPublish, spool, drain, clock: systemClock }).accept
}

function connect(
  config: ProducerConfig,
  { logger, metrics }: { logger: Logger; metrics: ProducerMetrics },
): Promise<Transport> {
  return openTransport({
    url: config.BROKER_URL,
    namespace: config.NAMESPACE,
    groups: groupTopologies(groups),
    name: 'producer',
    tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
    events: loggedEvents(logger, metrics),
  })
}
