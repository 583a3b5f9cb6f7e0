import { startConsumer } from './consumer'
import { Driver } from './driver'
import { heal, planFaults } from './faults'
import { SupervisedProcess } from './process'
import { startProducer } from './producer'
import { isSettled, verdict } from './verdict'
import { World } from './world'

/** What became of one simulated run. */
export interface Run {
  readonly seed: number
  /** What was lost, doubled or left; empty when every promise was kept. */
  readonly faults: readonly string[]
  readonly messages: number
  /** The kinds of trouble that there were. */
  readonly troubles: readonly string[]
  /** How long it lasted by the world's clock, in milliseconds. */
  readonly lastedMs: number
  /** Two runs of one seed have the same. */
  readonly fingerprint: string
  readonly story: readonly string[]
}

const troubleMs = 30_000
/** Longer than any delay, deadline or claim, so that what is not settled by then never is. */
const settleWithinMs = 300_000

/** The fault that is under way: a promise that is rejected belongs to whoever's event happens. */
let world: World | undefined

process.on('unhandledRejection', (error) => world?.time.uncaught(error as Error))
process.on('uncaughtException', (error) => world?.time.uncaught(error))

/** A whole run: faults for half a minute of the world's time, then none, until all is settled. The same for the same seed. */
export async function simulate(seed: number): Promise<Run> {
  world = new World(seed)
  const { chance, time } = world
  const stageWorld = world
  const producer = new SupervisedProcess('producer', world, (life) => startProducer(stageWorld, life))
  const consumers = Array.from(
    { length: world.consumers },
    (_, at) => new SupervisedProcess(`consumer ${at + 1}`, stageWorld, (life) => startConsumer(stageWorld, life)),
  )
  const driver = new Driver(world, producer)
  driver.start(chance.whole(5, 30), troubleMs)
  planFaults({ world, producer, consumers }, chance.whole(0, 10), troubleMs)
  await time.runUntil(() => time.now >= troubleMs, Infinity)
  heal({ world, producer, consumers })
  const { sent } = driver
  const isOver = () =>
    driver.isDone && producer.running !== undefined && producer.running.waiting() === 0 && isSettled(stageWorld, sent)
  const settled = await time.runUntil(onceASecond(world, isOver), troubleMs + settleWithinMs)
  const faults = verdict(world, sent)
  return {
    seed,
    faults: settled ? faults : [`NOT SETTLED within ${settleWithinMs / 1_000} s after the last fault`, ...faults],
    messages: sent.length,
    troubles: [...world.faults],
    lastedMs: Math.round(time.now),
    fingerprint: `${time.events}:${time.now.toFixed(6)}:${world.database.effects.length}`,
    story: world.story,
  }
}

/** Looking costs more than an event. */
function onceASecond({ time }: World, look: () => boolean): () => boolean {
  let next = 0
  return () => {
    if (time.now < next) return false
    next = time.now + 1_000
    return look()
  }
}
