import { connectRaw } from '../../support/amqp-client'
import { eventually } from '../../support/eventually'
import { figureWithin } from '../../support/figures'
import { orders, payments } from '../../support/ledger/kinds'
import { metricOf } from '../ready'
import { onStore } from '../../support/on-store'
import type { RunningService } from '../../support/service'
import {
  expectFaultEnds,
  few,
  isKilled,
  isRunOn,
  repeatsIn,
  roundsOf,
  useStage,
  type KillStore,
  type Partner,
  type Row,
  type Stage,
} from './kill-stage'

const consumerRows: Readonly<Record<string, Row>> = {
  'C1 delivered, not started': { point: 'delivery.received', anyStore: true },
  'C2 the handler runs': { point: 'handler.running', anyStore: true },
  'C3 a collected transaction is open': { point: 'store.transaction-open' },
  'C3 an interactive transaction is open': { point: 'store.transaction-open', kind: payments },
  'C4 committed, no ack': { point: 'handler.committed' },
  'C5 the ack is in the socket buffer': { point: 'delivery.acked', anyStore: true },
}

/** Kills consumers whose effects are in this store, and whose messages come from that producer. */
export function killsOfConsumer(on: KillStore, by: Exclude<Partner, 'consumer'>): void {
  const testOfAnyStore = isRunOn(on, { point: 'shutdown.cancelled', anyStore: true }) ? test : test.skip
  const stage = useStage(on, `consumer-${by.split(' ').at(-1)}`, by)

  test.each(Object.entries(consumerRows).filter(([, row]) => isRunOn(on, row)))(
    '%s',
    async (step, { point, kind = orders }) => {
      const { ledger, start, endAtRest, partner } = stage()
      for (const { passing, prefix } of roundsOf(`${step.slice(0, 2)}-${kind.type.split('.', 1)[0]}`)) {
        const victim = await start('consumer', `${point}=kill@${passing}`)
        const load = ledger.send(() => partner.url, prefix, { ...few, kind })
        await isKilled(victim)
        // What is half done shows for good on no store.
        await expectEffectsNoted(stage())
        await load.finish()
        const successor = await start('consumer')
        await ledger.expectSettled()
        await endAtRest(successor)
      }
    },
  )

  test('C4 what was done is known when it comes again, and is told and counted as such', async () => {
    const { ledger, start, endAtRest, partner } = stage()
    const { id } = (await ledger.attempt(partner.url, 'C4-known', payments))?.body ?? {}
    await isKilled(await start('consumer', 'handler.committed=kill', { until: 'spawned' }))
    const successor = await start('consumer')
    await eventually('it came again', () => repeatsIn(successor).length > 0)
    expect(repeatsIn(successor)).toEqual([expect.objectContaining({ messageId: id, attempt: 2, group: 'payments' })])
    const labels = `group="payments",type="${payments.type}",verdict="duplicate"`
    expect(await metricOf(successor, `handoff_processed_total{${labels}}`)).toBe(1)
    await endAtRest(successor)
  })

  test('C1, C2 what it held is ready again at once; killed over it again, the message is suspected until it ends well', async () => {
    const { ledger, start, rows, endAtRest, partner, brokerUrl, namespace } = stage()
    const raw = await connectRaw(brokerUrl)
    const ready = () => raw.countReady(`${namespace}.payments.v1`)
    const { id } = (await ledger.attempt(partner.url, 'C2-suspected', payments))?.body ?? {}
    const starts = () => rows('select starts, parked_as from handoff_starts where id = $1', [String(id)])
    await eventually('it waits', async () => (await ready()) === 1)
    for (const point of ['delivery.received', 'handler.running']) {
      expect(await starts()).toEqual([])
      await isKilled(await start('consumer', `${point}=kill`, { until: 'spawned' }))
      const killedAt = performance.now()
      await eventually('it is ready again', async () => (await ready()) === 1)
      figureWithin('from a death to ready again', killedAt, 2_000)
    }
    expect(await starts()).toEqual([{ starts: 1, parked_as: null }])
    const successor = await start('consumer')
    await ledger.expectSettled()
    expect(successor.logs).toContainEqual(expect.objectContaining({ msg: 'processed', messageId: id, attempt: 3 }))
    await eventually('nothing is suspected any more', async () => (await starts()).length === 0)
    await endAtRest(successor)
  })

  test('C6 the copy for the retry is confirmed, the original not acked', async () => {
    const { ledger, start, endAtRest, partner, storeUrl } = stage()
    for (const { passing, prefix } of roundsOf('C6')) {
      const victim = await start('consumer', `copy.confirmed=kill@${passing}`)
      const load = await whileFailing(storeUrl, async () => {
        const begun = ledger.send(() => partner.url, prefix, few)
        await isKilled(victim)
        return begun
      })
      await load.finish()
      const successor = await start('consumer')
      await ledger.expectSettled()
      await eventually('of the two one does nothing', () => repeatsIn(successor).length > 0)
      await endAtRest(successor)
    }
  })

  test('C6 the dead letter is confirmed, the original not acked', async () => {
    const { ledger, start, storeUrl } = stage()
    const victim = await start('consumer', 'copy.confirmed=kill@2')
    await whileFailing(storeUrl, async () => {
      for (const subject of ['C6-dead-1', 'C6-dead-2', 'C6-dead-3']) await sendLastAttempt(stage(), subject)
      await isKilled(victim)
    })
    // What comes back would succeed now, and have its effect beside its dead letter.
    const successor = await start('consumer')
    await ledger.expectSettled()
    await eventually('it is parked again, unrun', () => deadIn(successor).some((id) => deadIn(victim).includes(id)))
  })

  testOfAnyStore('C8 during a stop, after the consumers are cancelled', async () => {
    const { ledger, start, endAtRest, partner } = stage()
    for (const { prefix } of roundsOf('C8')) {
      const victim = await start('consumer', 'shutdown.cancelled=kill')
      const load = ledger.send(() => partner.url, prefix, few)
      await eventually('the load is under way', () => load.accepted() > 20)
      victim.kill('SIGTERM')
      await isKilled(victim)
      await load.finish()
      const successor = await start('consumer')
      await ledger.expectSettled()
      await endAtRest(successor)
    }
  })

  testOfAnyStore('a rejection that nobody handles ends it with 1 within a second', async () => {
    const { ledger, start, partner } = stage()
    const victim = await start('consumer', 'handler.running=reject@3')
    const load = ledger.send(() => partner.url, 'unhandled', few)
    await expectFaultEnds(victim, 'unhandled rejection')
    await load.finish()
    await start('consumer')
    await ledger.expectSettled()
  })

  test('afterwards no queue holds anything, and nothing was done twice', async () => {
    await stage().start('consumer')
    await stage().ledger.expectHonest()
  })
}

/** A transaction leaves both or nothing: each effect has its row in the inbox, and each row its effect. */
async function expectEffectsNoted({ rows }: Stage): Promise<void> {
  const tables = { ledger: 'ledger_entries', mail: 'mails', payments: 'captures' }
  for (const [group, table] of Object.entries(tables)) {
    const noted = `select id from handoff_inbox where group_name = '${group}'`
    const done = `select message_id as id from ${table}`
    expect(await rows(`${noted} except ${done}`)).toEqual([])
    expect(await rows(`${done} except ${noted}`)).toEqual([])
  }
}

function deadIn({ logs }: RunningService): readonly unknown[] {
  return logs.filter(({ msg }) => msg === 'parked as a dead letter').map(({ messageId }) => messageId)
}

/** Takes the ledger's table away meanwhile, so that each of its attempts fails. */
async function whileFailing<T>(storeUrl: string, work: () => Promise<T>): Promise<T> {
  await onStore(storeUrl, 'alter table ledger_entries rename to hidden')
  try {
    return await work()
  } finally {
    await onStore(storeUrl, 'alter table hidden rename to ledger_entries')
  }
}

/** An order that has failed four times and is confirmed by the broker, which makes it accepted. */
async function sendLastAttempt({ ledger, brokerUrl, namespace }: Stage, subject: string): Promise<void> {
  const body = JSON.stringify(orders.body(subject))
  const sentAt = new Date().toISOString()
  const raw = await connectRaw(brokerUrl)
  await raw.publishRaw(`${namespace}.events.v1`, orders.type, Buffer.from(body), {
    messageId: subject,
    type: orders.type,
    contentType: 'application/json',
    persistent: true,
    headers: { 'handoff-attempt': 5 },
  })
  ledger.write({ subject, body, status: 202, id: subject, sentAt })
}
