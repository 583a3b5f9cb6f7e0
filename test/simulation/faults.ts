import { calm } from './network'
import { healthy } from './disk'
import { answering } from './database'
import type { End } from './life'
import type { Running, SupervisedProcess } from './process'
import { replayAll } from './replay'
import type { World } from './world'

/** What faults are done to. */
export interface Stage {
  readonly world: World
  readonly producer: SupervisedProcess<Running>
  readonly consumers: readonly SupervisedProcess<Running>[]
}

/** Does it to the stage; what lasts ends by itself. */
type Fault = (stage: Stage) => void

const promptCommits = { leastMs: 0.2, mostMs: 5 }

/** Every kind, under the name by which the story tells of it. */
const faults: Readonly<Record<string, Fault>> = {
  'producer killed': ({ world, producer }) => doom(world, producer, 'killed'),
  'producer loses its power': ({ world, producer }) => doom(world, producer, 'power lost'),
  'producer stopped': ({ producer }) => producer.stop(),
  'consumer killed': ({ world, consumers }) => doom(world, world.chance.pick(consumers), 'killed'),
  'consumer stopped': ({ world, consumers }) => world.chance.pick(consumers).stop(),
  'broker killed': ({ world }) => {
    world.broker.kill()
    lasting(world, [100, 8_000], () => world.broker.start())
  },
  'broker stopped': ({ world }) => {
    world.broker.stop()
    lasting(world, [100, 8_000], () => world.broker.start())
  },
  'connection cut': ({ world }) => world.network.cables.at(cableOf(world))?.cutAfter(world.chance.whole(0, 3_000)),
  'connection half-open': ({ world }) => {
    const cable = world.network.cables.at(cableOf(world))
    if (cable !== undefined) cable.isSilent = true
  },
  'bad network': ({ world }) => {
    world.network.weather = { leastMs: 1, mostMs: world.chance.between(20, 600), torn: 0.5 }
    lasting(world, [500, 8_000], () => (world.network.weather = calm))
  },
  'broker in alarm': ({ world }) => {
    world.broker.setAlarm('memory')
    lasting(world, [300, 15_000], () => world.broker.setAlarm(undefined))
  },
  'queue full': ({ world }) => {
    const queues = [...world.broker.queues.values()]
    if (queues.length === 0) return
    const queue = world.chance.pick(queues)
    queue.isFull = true
    lasting(world, [300, 8_000], () => (queue.isFull = false))
  },
  'messages doubled': ({ world }) => {
    const { chance, broker } = world
    const queue = broker.queues.get(chance.pick(['simulated.one.v1', 'simulated.other.v1']))
    for (const message of queue?.log.slice(-chance.whole(1, 3)) ?? [])
      for (let copies = chance.whole(1, 4); copies > 0; copies--) queue?.put(message, message, () => {})
  },
  'publishes doubled': ({ world }) => {
    world.broker.copies = world.chance.whole(2, 4)
    lasting(world, [1_000, 10_000], () => (world.broker.copies = 1))
  },
  'dead letters replayed': ({ world }) => replayAll(world),
  'slow commits': ({ world }) => {
    world.broker.commit = { leastMs: 1, mostMs: world.chance.between(500, 12_000) }
    lasting(world, [500, 8_000], () => (world.broker.commit = promptCommits))
  },
  'channel closed': ({ world }) => anyChannel(world)?.fail(541, 'INTERNAL_ERROR - of the simulation'),
  'consumer cancelled': ({ world }) => {
    const channel = anyChannel(world, ({ consumerTags }) => consumerTags.length > 0)
    const [tag] = channel?.consumerTags ?? []
    if (tag !== undefined) channel?.cancel(tag)
  },
  'binding gone': ({ world }) => world.broker.exchanges.unbind('simulated.commands.v1', 'simulated.one.v1'),
  'disk fails': ({ world }) => {
    world.disk.mood = { ...healthy, failing: world.chance.between(0.05, 0.9) }
    lasting(world, [300, 5_000], () => (world.disk.mood = healthy))
  },
  'disk is slow': ({ world }) => {
    world.disk.mood = { leastMs: 1, mostMs: world.chance.between(50, 4_000), failing: 0 }
    lasting(world, [300, 5_000], () => (world.disk.mood = healthy))
  },
  'database away': ({ world }) => {
    world.database.mood = { ...answering, away: world.chance.between(0.1, 1), mute: world.chance.between(0, 0.5) }
    lasting(world, [300, 6_000], () => (world.database.mood = answering))
  },
  'database slow': ({ world }) => {
    world.database.mood = { ...answering, mostMs: world.chance.between(50, 2_000) }
    lasting(world, [300, 6_000], () => (world.database.mood = answering))
  },
}

/** Plans so many faults within this time. */
export function planFaults(stage: Stage, count: number, withinMs: number): void {
  const { world } = stage
  for (let planned = 0; planned < count; planned++) {
    const name = world.chance.pick(Object.keys(faults))
    world.time.afterInWorld(world.chance.between(0, withinMs), () => {
      world.tell(`fault: ${name}`)
      world.faults.add(name)
      faults[name]?.(stage)
    })
  }
}

/** All that a fault may have left behind is mended. */
export function heal({ world }: Stage): void {
  world.tell('all faults end')
  world.network.weather = calm
  world.disk.mood = healthy
  world.database.mood = answering
  world.broker.commit = promptCommits
  world.broker.copies = 1
  for (const queue of world.broker.queues.values()) queue.isFull = false
  world.broker.setAlarm(undefined)
}

function doom({ chance }: World, process: SupervisedProcess<Running>, how: End): void {
  process.life.doom(chance.whole(1, chance.pick([3, 30, 300])), how)
}

function lasting({ time, chance }: World, [least, most]: readonly [number, number], end: () => void): void {
  time.afterInWorld(chance.between(least, most), end)
}

function cableOf({ chance, network }: World): number {
  return chance.whole(0, Math.max(0, network.cables.length - 1))
}

function anyChannel(
  world: World,
  isWanted: (channel: { readonly consumerTags: readonly string[] }) => boolean = () => true,
) {
  const channels = world.broker.connections.flatMap(({ channels }) => [...channels.values()]).filter(isWanted)
  return channels.length === 0 ? undefined : world.chance.pick(channels)
}
