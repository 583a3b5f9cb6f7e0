/** A cluster of three loses a node, a path, or two nodes under load: what was accepted is there, and all flows by itself. */
import { startPair, type Pair } from '../e2e/pair'
import { percentile } from '../faults/percentile'
import { metricOf, eventuallySays } from '../faults/ready'
import { useCluster } from '../support/cluster/cluster'
import type { ClusterNode } from '../support/cluster/cluster-node'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import type { RunningService } from '../support/service'
import { temporarySpool } from '../support/temporary-spool'

const cluster = useCluster()
const senders = 10
// Nodes that are stopped and boot again on a busy machine take their time.
const patienceMs = 240_000
const kills = howMany({ sampled: 1, long: 20 })
const inLongRun = isLongRun ? test : test.skip

jest.setTimeout(isLongRun ? 3_600_000 : 240_000)

interface Stage {
  readonly pair: Pair
  readonly ledger: Ledger
  readonly load: ReturnType<Ledger['send']>
  readonly queue: string
  /** Load that has been accepted again, which none of the requests that were under way can have been. */
  readonly acceptedAgain: () => Promise<unknown>
  /** Effects that came after now. */
  readonly consumedAgain: () => Promise<unknown>
  /** Ends the load, and holds that nothing was lost, doubled, or made again. */
  readonly finish: () => Promise<void>
}

async function underLoad(namespace: string, env: Record<string, string> = {}): Promise<Stage> {
  const pair = await startPair(cluster.urls, { NAMESPACE: namespace, ...env })
  await cluster.whole()
  const ledger = await startLedger(cluster, pair)
  const load = ledger.send(() => pair.producer.url, namespace, { senders, patienceMs })
  await eventually('the load is under way', () => load.accepted() > 200)
  const effects = async () => Number((await pair.rows('select count(*) as n from ledger_entries'))[0]?.['n'])
  return {
    pair,
    ledger,
    load,
    queue: `${namespace}.ledger.v1`,
    acceptedAgain: () => moreThan(() => load.accepted(), 3 * senders),
    // More than the deliveries that may have been in the consumer's hands.
    consumedAgain: () => moreThan(effects, 200),
    finish: async () => {
      await load.finish()
      await ledger.expectHonest()
      for (const service of [pair.producer, pair.consumer]) await expectNothingMadeAgain(service)
    },
  }
}

async function moreThan(count: () => number | Promise<number>, more: number): Promise<void> {
  const before = await count()
  await eventually(`${more} more`, async () => (await count()) > before + more, { withinMs: 120_000 })
}

/** A queue that cannot be asked is not one that was deleted. */
async function expectNothingMadeAgain(service: RunningService): Promise<void> {
  expect(await metricOf(service, 'handoff_topology_recreated_total')).toBe(0)
  await eventuallySays(service, 'ready')
}

/** The node that a service's connection leads to. */
function nodeOf({ logs }: RunningService, link: string): ClusterNode {
  const last = logs.findLast((line) => line['link'] === link && line['state'] === 'ready')
  return cluster.nodeAt(Number(String(last?.['detail']).split(':').at(-1)))
}

/** The longest time in which nothing was accepted, from now until it is told to end. */
function watchStandstill({ load }: Stage) {
  let [accepted, changedAt, longestMs] = [load.accepted(), performance.now(), 0]
  const look = () => {
    if (load.accepted() === accepted) return
    const now = performance.now()
    longestMs = Math.max(longestMs, now - changedAt)
    ;[accepted, changedAt] = [load.accepted(), now]
  }
  const timer = setInterval(look, 5)
  atEnd(() => clearInterval(timer))
  return {
    end: () => {
      clearInterval(timer)
      return longestMs
    },
  }
}

test('the leader of a work queue is killed: 202 is back within seconds, nothing is lost', async () => {
  const stage = await underLoad('leader-killed')
  const leader = await cluster.leaderOf(stage.queue)
  await leader.kill()
  const killedAt = performance.now()
  await stage.acceptedAgain()
  figureWithin('leader killed, accepted again after', killedAt, 10_000)
  await stage.consumedAgain()
  await leader.start()
  await cluster.whole()
  await stage.finish()
})

test('the leader is in the minority, and with it the clients: they move to the majority, nothing is lost', async () => {
  const stage = await underLoad('minority')
  const alone = nodeOf(stage.pair.consumer, 'consumer-consume')
  await cluster.lead(stage.queue, alone)
  await alone.cutOff()
  const cutAt = performance.now()
  await Promise.all([
    stage.acceptedAgain().then(() => figureWithin('leader cut off, accepted again after', cutAt, 60_000)),
    stage.consumedAgain().then(() => figureWithin('leader cut off, consumed again after', cutAt, 60_000)),
  ])
  await alone.rejoin()
  await cluster.whole()
  await stage.finish()
})

test('an idle consumer on the minority side moves to the majority', async () => {
  const pair = await startPair(cluster.urls, { NAMESPACE: 'idle' })
  await cluster.whole()
  const alone = nodeOf(pair.consumer, 'consumer-consume')
  await alone.cutOff()
  const cutAt = performance.now()
  await eventually('it is elsewhere', () => nodeOf(pair.consumer, 'consumer-consume') !== alone, { withinMs: 60_000 })
  figureWithin('idle consumer cut off, elsewhere after', cutAt, 60_000)
  await eventuallySays(pair.consumer, 'ready')
  await alone.rejoin()
  await cluster.whole()
})

inLongRun('leaders are killed one after the other: callers hardly notice, nothing is lost', async () => {
  const stage = await underLoad('leaders-killed')
  const standstills: number[] = []
  for (let killed = 0; killed < kills; killed++) {
    const leader = await cluster.leaderOf(stage.queue)
    const standstill = watchStandstill(stage)
    await leader.kill()
    await stage.acceptedAgain()
    standstills.push(standstill.end())
    await leader.start()
    await cluster.whole()
  }
  await stage.finish()
  for (const percent of [50, 99])
    figure(`leader killed, nothing accepted for, p${percent} of ${kills}`, percentile(standstills, percent), 'ms')
  expect(percentile(standstills, 99)).toBeLessThan(10_000)
})

inLongRun('two of three are killed: callers are refused at once, and all flows when one is back', async () => {
  const stage = await underLoad('two-killed')
  const [first, second] = cluster.nodes.filter((node) => node !== cluster.nodes[0])
  await Promise.all([first?.kill(), second?.kill()])
  await eventuallySays(stage.pair.producer, 'not_ready', { withinMs: 60_000 })
  const refused = await stage.ledger.attempt(stage.pair.producer.url, 'refused')
  expect(refused).toMatchObject({ status: 503, body: { outcome: 'not_accepted' } })
  await first?.start()
  const backAt = performance.now()
  await stage.acceptedAgain()
  figureWithin('two killed, one back, accepted again after', backAt, 20_000)
  await second?.start()
  await cluster.whole()
  expect(await stage.ledger.attempt(stage.pair.producer.url, 'refused')).toMatchObject({ status: 202 })
  await stage.finish()
})

inLongRun('two of three are killed, with a spool: no request is refused', async () => {
  const stage = await underLoad('two-killed-spool', { SPOOL_PATH: await temporarySpool() })
  const [first, second] = cluster.nodes.filter((node) => node !== cluster.nodes[0])
  await Promise.all([first?.kill(), second?.kill()])
  await eventuallySays(stage.pair.producer, 'degraded', { withinMs: 60_000 })
  await stage.acceptedAgain()
  await Promise.all([first?.start(), second?.start()])
  await cluster.whole()
  await stage.finish()
  expect([...stage.load.refusals]).toEqual([])
})

inLongRun('each node is restarted in turn under load: nothing is lost', async () => {
  const stage = await underLoad('rolling')
  for (const node of cluster.nodes) {
    await node.stop()
    const stoppedAt = performance.now()
    await stage.acceptedAgain()
    figureWithin('a node stopped in order, accepted again after', stoppedAt, 20_000)
    await node.start()
    await cluster.whole()
  }
  await stage.consumedAgain()
  await stage.finish()
})
