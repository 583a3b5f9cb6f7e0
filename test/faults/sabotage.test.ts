/** The checker is checked: a fault is planted into the real services, from outside, and must be found. */
import { post, startPair, type Pair } from '../e2e/pair'
import { expectNothingLeft } from '../e2e/effects'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import type { Verdict } from '../../shared/verification/judge'
import { orders, payments, type Kind } from '../support/ledger/kinds'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { startService, type ServiceName } from '../support/service'
import { onStore } from '../support/on-store'
import { sabotaged } from './sabotaged'

const broker = useBroker()

interface Run {
  readonly pair: Pair
  readonly ledger: Ledger
  readonly restart: (name: ServiceName) => ReturnType<typeof startService>
}

/** One request and what it was told. */
type Send = (subject: string, kind?: Kind) => Promise<unknown>

async function start(namespace: string, settings: Record<string, string> = {}): Promise<Run> {
  const pair = await startPair(broker.url, { NAMESPACE: namespace, ...settings })
  const ledger = await startLedger(broker, pair)
  const shared = { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, NAMESPACE: namespace }
  return { pair, ledger, restart: (name) => startService(name, shared) }
}

function sender({ pair, ledger }: Run): Send {
  return async (subject, kind = orders) => {
    const [sentAt, data] = [new Date().toISOString(), kind.body(subject)]
    const key = { 'idempotency-key': subject }
    const { status, body } = await post(`${pair.producer.url}/messages/${kind.type}`, data, key)
    const { id, outcome } = body as { id?: string; outcome?: string }
    const told = { ...(id !== undefined && { id }), ...(outcome !== undefined && { outcome }) }
    ledger.write({ subject, body: JSON.stringify(data), status, ...told, sentAt }, kind)
  }
}

async function expectFound({ ledger }: Run, fault: keyof Verdict): Promise<void> {
  await eventually(`the checker finds what is ${fault}`, async () => (await ledger.judge())[fault].length > 0)
}

/** Nowhere, and with nothing on its way that could still become its effect. */
async function expectLost({ pair, ledger }: Run): Promise<void> {
  await expectNothingLeft(broker.management, pair)
  expect((await ledger.judge()).lost).not.toEqual([])
}

test('an honest pair is found honest', async () => {
  const run = await start('honest')
  const send = sender(run)
  await send('honest-1')
  await send('honest-2', payments)
  await run.ledger.expectHonest()
})

test('acked before it was worked on: lost', async () => {
  const run = await start('ack-first', { ...sabotaged('ack-first'), FAILPOINTS: 'store.transaction-open=kill' })
  await sender(run)('early-1', payments)
  await run.pair.consumer.exited
  await run.restart('consumer')
  await expectLost(run)
})

test('acked without its copy for the retry: lost', async () => {
  const run = await start('no-copy')
  run.pair.consumer.kill('SIGKILL')
  await run.pair.consumer.exited
  const settings = { BROKER_URL: broker.url, STORE_URL: run.pair.storeUrl, NAMESPACE: 'no-copy' }
  const consumer = await startService('consumer', { ...settings, ...sabotaged('no-copy') })
  await onStore(run.pair.storeUrl, 'alter table ledger_entries rename to hidden')
  await sender(run)('no-copy-1')
  await eventually('the handler has failed', () =>
    consumer.logs.some(({ msg }) => msg === 'failed, will be tried again'),
  )
  await onStore(run.pair.storeUrl, 'alter table hidden rename to ledger_entries')
  await expectLost(run)
})

test.each(['not-mandatory', undefined] as const)('accepted without a queue to go to (%s)', async (sabotage) => {
  const run = await start(sabotage ?? 'mandatory', sabotage && sabotaged(sabotage))
  const isRoute = ({ source, routing_key: key }: { source: string; routing_key: string }) =>
    source === `${run.pair.namespace}.commands.v1` && key === payments.type
  const [binding] = (await broker.management.bindings()).filter(isRoute)
  if (binding === undefined) throw new Error('there is no binding for payments')
  await broker.management.deleteBinding(binding)
  await sender(run)('unrouted-1', payments)
  // Mandatory, it is refused, and the caller knows.
  if (sabotage === undefined) await run.ledger.expectHonest()
  else await expectLost(run)
})

test('without its row in the inbox, a redelivery has its effect again: doubled', async () => {
  const run = await start('no-dedup', { FAILPOINTS: 'handler.committed=kill' })
  await sender(run)('twice-1', payments)
  await run.pair.consumer.exited
  await onStore(run.pair.storeUrl, 'delete from handoff_inbox')
  await run.restart('consumer')
  await expectFound(run, 'doubled')
})

test('a repeat that is another message: doubled, and under two ids', async () => {
  const run = await start('new-id', sabotaged('new-id-each-time'))
  const send = sender(run)
  await send('again-1')
  await send('again-1')
  await expectFound(run, 'doubled')
  await expectFound(run, 'misnamed')
})

test('changed on its way: corrupted', async () => {
  const run = await start('corrupted', sabotaged('other-amount'))
  await sender(run)('changed-1')
  await expectFound(run, 'corrupted')
})

test('refused, and published all the same: unexpected', async () => {
  const run = await start('refused', sabotaged('refuse-what-was-sent'))
  await sender(run)('refused-1')
  await expectFound(run, 'unexpected')
})

test('published by somebody else: unexpected', async () => {
  const run = await start('foreign')
  const raw = await connectRaw(broker.url)
  const body = Buffer.from(JSON.stringify(payments.body('foreign-1')))
  const properties = { messageId: 'foreign-1', type: payments.type, contentType: 'application/json' }
  await raw.publishRaw('foreign.commands.v1', payments.type, body, properties)
  await expectFound(run, 'unexpected')
})

test('killed before the answer, and never repeated: unresolved', async () => {
  const run = await start('unresolved', { FAILPOINTS: 'publish.confirmed=kill' })
  const sentAt = new Date().toISOString()
  const data = orders.body('open-1')
  const key = { 'idempotency-key': 'open-1' }
  await expect(post(`${run.pair.producer.url}/messages/${orders.type}`, data, key)).rejects.toThrow()
  run.ledger.write({ subject: 'open-1', body: JSON.stringify(data), status: 'no answer', sentAt })
  expect((await run.ledger.judge()).unresolved).toEqual(['open-1'])
})
