/** Earlier queues are moved to their successors under load, by a command that is killed again and again. */
import { startHandoff } from '../e2e/handoff'
import { startPair } from '../e2e/pair'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { payments } from '../support/ledger/kinds'
import { startLedger, type Ledger } from '../support/ledger/ledger'

const broker = useBroker()
const namespace = 'moved'
const earlier = (middle: string) => `${namespace}.payments${middle}.v0`
const [work, tier, dead] = [earlier(''), earlier('.retry.5s'), earlier('.dead')]

/**
 * What the command has said last when it is killed; what it has done by then, the next one does not say again. Where a
 * number follows, so many copies are confirmed and the last of them is not acked: it stands in both queues.
 */
const killedAt: readonly (readonly [line: string, copies?: number])[] = [
  [`unbound  ${work}`],
  [`moving   ${tier}`],
  [`retired  ${tier}`],
  [`moving   ${work}`, 50],
  [`retired  ${work}`],
]

/** The queues of the group as an earlier version had them, with arguments that are others today. */
async function declareEarlier({ channel }: RawClient): Promise<void> {
  const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' }
  const back = { 'x-dead-letter-exchange': `${namespace}.requeue.v1`, 'x-dead-letter-strategy': 'at-least-once' }
  const argumentsOf = {
    [work]: { ...quorum, ...back, 'x-dead-letter-routing-key': dead, 'x-delivery-limit': 5 },
    [tier]: { ...quorum, ...back, 'x-dead-letter-routing-key': work, 'x-message-ttl': 5_000 },
    [dead]: { ...quorum, 'x-delivery-limit': 7 },
  }
  for (const [queue, args] of Object.entries(argumentsOf)) {
    await channel.assertQueue(queue, { durable: true, arguments: args })
    await channel.bindQueue(queue, `${namespace}.requeue.v1`, queue)
  }
  await channel.bindQueue(work, `${namespace}.commands.v1`, payments.type)
}

/** Payments that an earlier version has accepted, written into the history as such. */
async function fill(raw: RawClient, ledger: Ledger, queue: string, count: number): Promise<void> {
  const sentAt = new Date().toISOString()
  for (let index = 0; index < count; index++) {
    const id = `${queue}-${index}`
    const body = JSON.stringify(payments.body(id))
    const properties = { messageId: id, type: payments.type, contentType: 'application/json', persistent: true }
    await raw.publishRaw('', queue, Buffer.from(body), { ...properties, headers: { 'handoff-reason': 'failed' } })
    ledger.write({ subject: id, body, status: 202, id, sentAt }, payments)
  }
}

test('killed again and again, a migration under load loses nothing and doubles no effect', async () => {
  const env = { BROKER_URL: broker.url, BROKER_MANAGEMENT_URL: runningBroker().managementUrl, NAMESPACE: namespace }
  const pair = await startPair(broker.url, { NAMESPACE: namespace })
  const ledger = await startLedger(broker, pair)
  const raw = await connectRaw(broker.url)
  await declareEarlier(raw)
  await fill(raw, ledger, work, howMany({ sampled: 2_000, long: 20_000 }))
  await fill(raw, ledger, tier, 20)
  await fill(raw, ledger, dead, 20)
  const load = ledger.send(() => pair.producer.url, 'under-load', { kind: payments, senders: 5 })
  await eventually('the load is under way', () => load.accepted() > 50)
  let kills = 0
  for (const [line, copies] of killedAt) {
    const failing = copies === undefined ? {} : { FAILPOINTS: `copy.confirmed=kill@${copies}` }
    const run = startHandoff(['topology', 'migrate', 'payments'], { env: { ...env, ...failing } })
    await eventually(`it says: ${line}`, () => run.stdout().includes(line), { withinMs: 90_000 })
    if (copies === undefined) run.kill('SIGKILL')
    if ((await run.ended).code === null) kills++
  }
  expect(kills).toBe(killedAt.length)
  const last = await startHandoff(['topology', 'migrate'], { env }).ended
  expect(last).toEqual({ code: 0, stderr: '', stdout: expect.stringMatching(/retired 1\n$/) as string })
  await load.finish()
  const left = (await broker.management.queues()).map(({ name }) => name).filter((name) => name.endsWith('.v0'))
  expect(left).toEqual([])
  await ledger.expectHonest()
  figure('migrations killed', kills, 'runs')
})
