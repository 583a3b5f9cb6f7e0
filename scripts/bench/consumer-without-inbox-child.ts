/**
 * The consumer without its store: the same transport, checks, time limit, metrics and verdicts around a handler that
 * writes nothing. It shows what the inbox costs; nobody should run it.
 */
import { readConfig } from '../../services/consumer/config'
import { dispatcher } from '../../services/consumer/dispatch'
import { handler } from '../../services/consumer/handler'
import { limitsFor } from '../../services/consumer/limits'
import { logged } from '../../services/consumer/around/logged'
import { measured } from '../../services/consumer/around/measured'
import { timed } from '../../services/consumer/around/timed'
import { consumerMetrics } from '../../services/consumer/metrics'
import { runHandler } from '../../services/consumer/run-handler'
import { groups } from '../../shared/messages/groups'
import { orderPlaced } from '../../shared/messages/order-placed'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport } from '../../shared/messaging/open-transport'
import { Routing } from '../../shared/routing/routing'
import { groupTopologies } from '../../shared/operations/group-topology'
import { createLogger } from '../../shared/runtime/logger'
import { createMetrics } from '../../shared/runtime/metrics'
import { Turns } from '../../shared/runtime/turns'
import { exitWith } from '../terminal/exit-with'

const ledger = groups.filter(({ name }) => name === 'ledger')
const nowhere = { run: () => Promise.resolve(), query: () => Promise.resolve([]) }

process.on('disconnect', () => process.exit())

exitWith(async () => {
  const config = readConfig({ environment: process.env })
  const logger = createLogger({ service: 'consumer', level: config.LOG_LEVEL })
  const counters = consumerMetrics(createMetrics('consumer').registry, () => Promise.resolve(undefined))
  const events = loggedEvents(logger, counters)
  const topologies = groupTopologies(ledger)
  const transport = await openTransport({
    url: config.BROKER_URL,
    namespace: config.NAMESPACE,
    groups: topologies,
    name: 'consumer',
    tls: { caFile: undefined, certFile: undefined, keyFile: undefined },
    events,
  })
  const run = timed(runHandler(logger, 'bench'), counters.leakedHandlers)
  const turns = new Turns(config.CONCURRENCY)
  const work = async (job: Parameters<typeof run>[0]) => {
    await turns.take(() => run(job, nowhere))
    return 'applied' as const
  }
  const handlers = [handler(orderPlaced, { group: 'ledger' }, () => {})]
  const dispatch = dispatcher({ handlers, routing: new Routing(groups), work, random: Math.random, now: Date.now })
  const onDelivery = logged(measured(dispatch, counters, new Set([orderPlaced.name])), logger)
  const limits = limitsFor(config.CONCURRENCY, config.BODY_LIMIT)
  await Promise.all(topologies.map((group) => transport.subscribe(group, limits, onDelivery)))
  process.send?.('ready')
  return 0
})
