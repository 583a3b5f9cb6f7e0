import { join } from 'node:path'
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { watchEventLoop } from '../../shared/runtime/event-loop'
import { listen } from '../../shared/runtime/http-server'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import { createMetrics } from '../../shared/runtime/metrics'
import { consoleHost } from '../../shared/runtime/open-door'
import type { Surroundings } from '../../shared/runtime/run-service'
import { BrokerCheck } from './broker-check'
import { serviceUrls, type ConsoleConfig } from './config'
import { Desk } from './desk'
import { consoleServer, type ConsoleServer } from './http/server'
import { consoleMetrics } from './metrics'
import { observe } from './observe'
import { openFaults } from './open-faults'
import { ProducerDoor } from './producer/producer-door'
import { seeRoutes } from './see-routes'
import { seeTopology } from './see-topology'

// Where the build puts it, seen from this file as it is and as it is built.
const root = join(__dirname, __filename.endsWith('.js') ? '../../..' : '../..')
const pageFolder = join(root, 'dist/web')

/** Puts the console together and opens its door; resolves when it listens, whether the broker is there or not. */
export async function startConsole(
  lifecycle: Lifecycle,
  { config, logger }: Surroundings<ConsoleConfig>,
): Promise<void> {
  const metrics = createMetrics('console')
  const eventLoop = watchEventLoop()
  lifecycle.add('event loop watch', eventLoop.close)
  const open = () =>
    openDeadLetters({
      url: config.BROKER_URL,
      namespace: config.NAMESPACE,
      name: 'console',
      tls: { caFile: config.BROKER_CA_FILE, certFile: config.BROKER_CERT_FILE, keyFile: config.BROKER_KEY_FILE },
    })
  const broker = new BrokerCheck({ open, now: Date.now })
  const own = consoleMetrics(metrics.registry)
  const observed = observe(lifecycle, { config, logger, own })
  const producer = new ProducerDoor({ urls: serviceUrls(config).producer, apiKey: config.PRODUCER_API_KEY })
  const faults = openFaults(lifecycle, { config, logger, observed, producer })
  const routes = await seeRoutes(lifecycle, { config, logger })
  const { app, drain } = await consoleServer({
    config,
    logger,
    desk: new Desk(open),
    observed,
    producer,
    ...(faults !== undefined && { faults }),
    topology: seeTopology(lifecycle, config, observed.recorded),
    routes,
    pageFolder,
    metrics,
    own,
    checks: { broker: () => broker.check(), event_loop: eventLoop.check, routes: routes.rules.check },
  })
  await openDoor(lifecycle, { app, drain }, { config, logger })
}

async function openDoor(
  lifecycle: Lifecycle,
  { app, drain }: ConsoleServer,
  { config, logger }: Pick<Surroundings<ConsoleConfig>, 'config' | 'logger'>,
): Promise<void> {
  lifecycle.add('http', () => app.close())
  const host = consoleHost(config)
  if (host !== config.HOST)
    logger.warn(
      { HOST: config.HOST },
      'without CONSOLE_API_KEYS or CONSOLE_READ_KEYS the console listens on this machine alone',
    )
  await listen(app, { host, port: config.CONSOLE_PORT })
  lifecycle.add('requests at work', drain)
  logger.info({ addresses: app.addresses() }, 'listening')
}
