/** The broker is away for long at full load: what is held is bounded, each caller is told at once, and all flows soon after. */
import { readdirSync } from 'node:fs'
import { residentBytesOf } from '../../scripts/bench/process-facts'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { startLedger } from '../support/ledger/ledger'
import { proxiedBroker } from '../support/proxied-broker'
import { openCaller, type Timed } from './caller'
import { percentile } from './percentile'
import { eventuallySays } from './ready'

const broker = useBroker()
const awayForMs = howMany({ sampled: 10_000, long: 600_000 })
const patienceMs = awayForMs + 60_000
// Each as fast as it is answered, which is all that the producer can do; more would wait in line, for the test itself as well.
const callers = 20
// So many that their bodies, if any of them were kept, would not go unnoticed beside what a heap takes and gives.
const refusals = howMany({ sampled: 10_000, long: 120_000 })
const webhook = { provider: 'p', event: 'e', deliveryId: 'd', payload: { filler: 'x'.repeat(8_192) } }
const posted = {
  type: 'webhook.received',
  body: JSON.stringify(webhook),
  headers: { 'content-type': 'application/json' },
}

/** As much as the producer takes, until it is told to end; tells how often each status was answered. */
function flood({ producer }: Pair) {
  const told = new Map<number, number>()
  const refusedMs: number[] = []
  let ended = false
  const note = ({ status, headers, ms }: Timed) => {
    told.set(status, (told.get(status) ?? 0) + 1)
    if (status !== 503) return
    expect(headers['retry-after']).toMatch(/^\d+$/)
    refusedMs.push(ms)
  }
  const caller = async () => {
    const call = openCaller(producer)
    while (!ended) note(await call(posted))
  }
  const all = Promise.all(Array.from({ length: callers }, caller))
  // Told by end(); until somebody asks, a failure must not end the test process.
  all.catch(() => {})
  const end = async () => {
    ended = true
    await all
  }
  return { end, refusedMs, told: (status: number) => told.get(status) ?? 0, statuses: () => [...told.keys()].sort() }
}

/** What a process holds; the most of several looks. */
function holdings({ pid }: Pair['producer']) {
  const now = () => ({ mebibytes: residentBytesOf(pid) / 1_048_576, files: readdirSync(`/proc/${pid}/fd`).length })
  let most = now()
  return {
    look: () => {
      const { mebibytes, files } = now()
      most = { mebibytes: Math.max(most.mebibytes, mebibytes), files: Math.max(most.files, files) }
      return most
    },
  }
}

test('the broker is away at full load: memory and descriptors are bounded, callers are told, and 202 is back soon', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const pair = await startPair(url, { NAMESPACE: 'outage' })
  const ledger = await startLedger(broker, pair)
  const load = ledger.send(() => pair.producer.url, 'outage', { senders: 5, patienceMs })
  const flooding = flood(pair)
  const before = holdings(pair.producer)
  await eventually('it works at its full size', () => {
    before.look()
    return load.accepted() > 100 && flooding.told(202) > 2_000
  })
  const settled = before.look()

  proxy.refuse()
  proxy.cut()
  const awayAt = performance.now()
  const meanwhile = holdings(pair.producer)
  await eventually(
    'it was away for long',
    () => {
      meanwhile.look()
      // What was in flight is waited for first; callers are refused after that.
      return performance.now() - awayAt > awayForMs && flooding.told(503) >= refusals
    },
    { withinMs: patienceMs },
  )
  const peak = meanwhile.look()
  figure('requests refused in the outage', flooding.told(503), 'messages')
  figure('memory of the producer grew in the outage by', peak.mebibytes - settled.mebibytes, 'MiB')
  expect(peak.mebibytes - settled.mebibytes).toBeLessThan(50)
  expect(peak.files).toBeLessThanOrEqual(settled.files + 2)
  const refusedMs = percentile(flooding.refusedMs, 50)
  figure('a refusal in the outage, half of them sooner than', refusedMs, 'ms')
  expect(refusedMs).toBeLessThan(500)

  const acceptedBefore = flooding.told(202)
  proxy.accept()
  const backAt = performance.now()
  await eventually('202 is back', () => flooding.told(202) > acceptedBefore)
  figureWithin('after the outage, first 202', backAt, 10_000)
  await flooding.end()
  expect(flooding.statuses()).toEqual([202, 503])
  await load.finish()
  await ledger.expectHonest()
  for (const service of [pair.producer, pair.consumer]) await eventuallySays(service, 'ready')
})
