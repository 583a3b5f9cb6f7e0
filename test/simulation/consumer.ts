import { deciding } from '../../services/consumer/deciding'
import { Load } from '../../services/consumer/load/load'
import { windowsOf } from '../../shared/messaging/lane-limits'
import type { Limits, Subscription } from '../../shared/messaging/transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { Routing } from '../../shared/routing/routing'
import { systemClock } from '../../shared/runtime/clock'
import { pino } from 'pino'
import { connected } from './connected'
import { groups, handlersIn } from './domain'
import type { Life } from './life'
import type { Running } from './process'
import type { World } from './world'

const logger = pino({ level: 'silent' })

/** Put together as `services/consumer/app.ts` does it, and stopped in the same order. */
export async function startConsumer(world: World, life: Life): Promise<Running> {
  const { chance } = world
  const transport = await connected('consumer', world, life)
  const handlers = handlersIn({
    kill: (group, n) => {
      world.noteKill(group, n)
      life.end('killed')
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tosses: () => chance.hits(0.5),
    workMs: () => (chance.hits(0.1) ? chance.between(0, 1_500) : chance.between(0, 20)),
  })
  const limits = { prefetch: chance.whole(1, 16), concurrency: chance.whole(1, 16) }
  const ceiling = chance.whole(1, 8)
  const load = loadOf(ceiling, limits)
  const onDelivery = deciding(
    { groups, handlers },
    {
      routing: new Routing(groups),
      store: world.database.storeOf(life),
      leaked: { inc: () => {}, dec: () => {} },
      logger,
      fail: () => life.end('killed'),
      load,
      config: { NAMESPACE: 'simulated', CONCURRENCY: ceiling },
      random: Math.random,
    },
  )
  const drainMs = chance.pick([50, 500, 4_000])
  const subscriptions: Subscription[] = []
  for (const topology of groupTopologies(groups))
    subscriptions.push(await transport.subscribe(topology, limits, onDelivery))
  return {
    stop: async () => {
      load.close()
      await Promise.all(subscriptions.map((subscription) => subscription.close(drainMs)))
      await transport.close()
    },
  }
}

/** The pauses are short, as the delays of the messages are. */
function loadOf(ceiling: number, limits: Limits): Load {
  const { prefetch } = limits
  const settings = { ceiling, floor: 1, failures: 10, pauseMs: 100, prefetch, windows: windowsOf(limits) }
  return new Load(groups, { settings, lagMs: () => 0, clock: systemClock, random: Math.random }, () => {})
}
