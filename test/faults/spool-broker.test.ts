/** What happens to the broker itself, seen by the callers of a producer with a spool: nothing. */
import { setTimeout as pause } from 'node:timers/promises'
import { monotonicMs } from '../../scripts/bench/monotonic-clock'
import { openLoop } from '../../scripts/bench/open-loop'
import { startPair, type Pair } from '../e2e/pair'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { useOwnBroker } from '../support/own-broker'
import { temporarySpool } from '../support/temporary-spool'
import { percentile } from './percentile'
import { eventuallySays, metricOf } from './ready'

const broker = useOwnBroker()

// A node that is stopped and boots again on a busy machine takes its time.
jest.setTimeout(240_000)

async function start(namespace: string): Promise<{ readonly pair: Pair; readonly ledger: Ledger }> {
  const pair = await startPair(broker.url, { NAMESPACE: namespace, SPOOL_PATH: await temporarySpool() })
  return { pair, ledger: await startLedger(broker, pair) }
}

async function isEmpty({ producer }: Pair): Promise<boolean> {
  return (await metricOf(producer, 'handoff_spool_messages')) === 0
}

/**
 * Requests at a constant rate, whatever becomes of those before, until told to end: how long each took from when it was
 * due. All of them stand in the ledger.
 */
function askSteadily({ producer }: Pair, ledger: Ledger) {
  const refused: unknown[] = []
  let sent = 0
  const send = async () => {
    const answer = await ledger.attempt(producer.url, `steady-${sent++}`)
    if (answer?.status !== 202) refused.push(answer?.body ?? 'no answer')
    return monotonicMs()
  }
  let isEnded = false
  const asked = (async () => {
    const slices: Promise<readonly number[]>[] = []
    while (!isEnded) {
      slices.push(openLoop({ perSecond: 50, durationMs: 1_000, send }))
      await pause(1_000)
    }
    return (await Promise.all(slices)).flat()
  })()
  asked.catch(() => {})
  return {
    end: async () => {
      isEnded = true
      return { ms: await asked, refused }
    },
  }
}

// For a producer with a spool both ways are one; a sample takes the harder.
const ends = isLongRun ? (['stop', 'kill'] as const) : (['kill'] as const)

test.each(ends)('after a %s of the broker no request has failed', async (end) => {
  const { pair, ledger } = await start(`spooled-${end}`)
  const load = ledger.send(() => pair.producer.url, end, { senders: 3 })
  await eventually('the load is under way', () => load.accepted() > 200)
  const steady = askSteadily(pair, ledger)
  await broker[end]()
  await eventuallySays(pair.producer, 'degraded')
  const before = load.accepted()
  await eventually('it accepts all the same', () => load.accepted() > before + 200)
  await broker.start()
  await eventuallySays(pair.producer, 'ready')
  const { ms, refused } = await steady.end()
  await load.finish()
  await ledger.expectHonest()
  expect([...load.refusals]).toEqual([])
  expect(refused).toEqual([])
  figure(`requests over the ${end} of the broker, none of them refused`, load.accepted() + ms.length, 'messages')
  for (const percent of [50, 99, 100]) figure(`202 over the ${end}, p${percent}`, percentile(ms, percent), 'ms')
  expect(percentile(ms, 99)).toBeLessThan(howMany({ sampled: 10_000, long: 5_000 }))
})

test('a memory alarm: accepted all the same, and sent as soon as it is over', async () => {
  const { pair, ledger } = await start('spooled-alarm')
  const load = ledger.send(() => pair.producer.url, 'alarm', { senders: 3 })
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker.ctl('set_vm_memory_high_watermark', '0.000001')
  await eventuallySays(pair.producer, 'degraded')
  const before = load.accepted()
  await eventually('it accepts all the same', () => load.accepted() > before + 200)
  await load.finish()
  figure(
    'messages in the spool at the end of the alarm',
    await metricOf(pair.producer, 'handoff_spool_messages'),
    'messages',
  )
  await broker.ctl('set_vm_memory_high_watermark', '0.6')
  const calmAt = performance.now()
  await eventually('the spool is empty', () => isEmpty(pair))
  figureWithin('after the alarm, the spool is empty', calmAt, 10_000)
  await ledger.expectHonest()
  expect([...load.refusals]).toEqual([])
})

test('a broker that stands still: a caller waits a second, not ten', async () => {
  const { pair, ledger } = await start('spooled-frozen')
  const load = ledger.send(() => pair.producer.url, 'frozen', { senders: 3 })
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker.pause()
  const startedAt = performance.now()
  expect(await ledger.attempt(pair.producer.url, 'sent')).toMatchObject({ status: 202, body: { outcome: 'stored' } })
  figureWithin('answer while the broker stands still', startedAt, 3_000)
  await eventuallySays(pair.producer, 'degraded')
  await broker.resume()
  await eventuallySays(pair.producer, 'ready')
  await load.finish()
  await ledger.expectHonest()
  expect([...load.refusals]).toEqual([])
})
