/** The checker is checked, on a broker that is killed with messages in its memory which it has not confirmed. */
import { expectNothingLeft } from '../e2e/effects'
import { startPair } from '../e2e/pair'
import { eventually } from '../support/eventually'
import { startLedger } from '../support/ledger/ledger'
import { useOwnBroker } from '../support/own-broker'
import { sabotaged } from './sabotaged'

const broker = useOwnBroker()

/** Messages arrive, and none comes to disk: the process that writes for all quorum queues is held still. */
const holdWrites = () => broker.ctl('eval', 'sys:suspend(ra_log_wal).')

async function start(namespace: string, settings: Readonly<Record<string, string>> = {}) {
  const pair = await startPair(broker.url, { NAMESPACE: namespace, ...settings })
  const ledger = await startLedger(broker, pair)
  return { pair, ledger, send: () => ledger.attempt(pair.producer.url, `${namespace}-1`) }
}

async function killBroker(): Promise<void> {
  await broker.kill()
  await broker.start()
}

test('accepted as soon as it was written: lost', async () => {
  const { pair, ledger, send } = await start('before-confirm', sabotaged('before-confirm'))
  await holdWrites()
  expect(await send()).toMatchObject({ status: 202 })
  await killBroker()
  // Nothing is on its way that could still become its effect.
  await expectNothingLeft(broker.management, pair)
  expect((await ledger.judge()).lost).not.toEqual([])
})

test('accepted when it was confirmed: not before the broker is back, and then done', async () => {
  const { ledger, send } = await start('after-confirm')
  await holdWrites()
  expect(await send()).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
  await killBroker()
  await eventually('the repeat is accepted', async () => (await send())?.status === 202, { withinMs: 60_000 })
  await ledger.expectHonest()
})
