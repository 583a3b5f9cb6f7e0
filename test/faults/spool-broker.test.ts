/** What happens to the broker itself, seen by the callers of a producer with a spool: nothing. */
import { startPair, type Pair } from '../e2e/pair'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { isLongRun } from '../support/how-many'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { useOwnBroker } from '../support/own-broker'
import { temporarySpool } from '../support/temporary-spool'
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

// For a producer with a spool both ways are one; a sample takes the harder.
const ends = isLongRun ? (['stop', 'kill'] as const) : (['kill'] as const)

test.each(ends)('after a %s of the broker no request has failed', async (end) => {
  const { pair, ledger } = await start(`spooled-${end}`)
  const load = ledger.send(() => pair.producer.url, end, { senders: 3 })
  await eventually('the load is under way', () => load.accepted() > 200)
  await broker[end]()
  await eventuallySays(pair.producer, 'degraded')
  const before = load.accepted()
  await eventually('it accepts all the same', () => load.accepted() > before + 200)
  await broker.start()
  await eventuallySays(pair.producer, 'ready')
  await load.finish()
  await ledger.expectHonest()
  expect([...load.refusals]).toEqual([])
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
