import { groups } from '../../shared/messages/groups'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport } from '../../shared/messaging/open-transport'
import type { Transport } from '../../shared/messaging/transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { watchEventLoop } from '../../shared/runtime/event-loop'
import { listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { createMetrics } from '../../shared/runtime/metrics'
import type { Surroundings } from '../../shared/runtime/run-service'
import { openStore } from '../../shared/store/open-store'
import { keepClean } from '../../shared/store/retention'
import { producerServer } from './http/server'
import type { ProducerConfig } from './config'
import { producerMetrics, type ProducerMetrics } from './metrics'
import { StoreDoor } from './store-door'

/** Puts the producer together and opens its door; resolves when it listens. */
export async function startProducer(
  lifecycle: Lifecycle,
  { config, logger }: Surroundings<ProducerConfig>,
): Promise<void> {
  const metrics = createMetrics('producer')
  const own = producerMetrics(metrics.registry, () => transport.status().inFlight)
  const store = await openStoreDoor(lifecycle, { config, logger })
  const transport = await connect(config, { logger, metrics: own })
  lifecycle.add('broker', () => transport.close())
  const eventLoop = watchEventLoop()
  lifecycle.add('event loop watch', eventLoop.close)
  const { app, drain } = await producerServer({
    config,
    logger,
    transport,
    store,
    metrics,
    own,
    eventLoop: eventLoop.check,
  })
  lifecycle.add('http', () => app.close())
  await listen(app, { host: config.HOST, port: config.PRODUCER_PORT })
  lifecycle.add('readiness', drain)
  logger.info({ addresses: app.addresses() }, 'listening')
}

async function openStoreDoor(
  lifecycle: Lifecycle,
  { config, logger }: Pick<Surroundings<ProducerConfig>, 'config' | 'logger'>,
): Promise<StoreDoor> {
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
