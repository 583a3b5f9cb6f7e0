/** A service is killed at each step of a message's way, under load; the client's history is held against what became of it. */
import { openStore } from '../../shared/store/open-store'
import type { FailpointName } from '../../shared/runtime/failpoints'
import { postgresAnswers } from '../contract/store-test-database'
import { useBroker } from '../support/broker'
import { connectRaw } from '../support/amqp-client'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { effectsOf, orders, payments, type Kind } from '../support/ledger/kinds'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { freshDatabase } from '../support/on-postgres'
import { startService, type RunningService, type ServiceName } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { onStore } from './on-store'

// So few that the passing at which a place strikes says which request it is about.
const few = { senders: 5 }

const broker = useBroker()
const rounds = howMany({ sampled: 1, long: 100 })

interface Row {
  readonly point: FailpointName
  readonly kind?: Kind
  /** Left out of the sample on the second store, which the step has nothing to do with. */
  readonly anyStore?: true
}

const producerRows: Readonly<Record<string, Row>> = {
  'P1 the body is partly read': { point: 'http.body-begun', anyStore: true },
  'P2 validated, nothing sent': { point: 'publish.begun', anyStore: true },
  'P3 the publish is written, no confirm': { point: 'publish.written', anyStore: true },
  'P4 confirmed, the 202 is not written': { point: 'publish.confirmed' },
  'P5 the 202 is written, the socket not flushed': { point: 'http.answered', anyStore: true },
  'P6 the answer is closed': { point: 'http.closed', anyStore: true },
}

const consumerRows: Readonly<Record<string, Row>> = {
  'C1 delivered, not started': { point: 'delivery.received', anyStore: true },
  'C2 the handler runs': { point: 'handler.running', anyStore: true },
  'C3 a collected transaction is open': { point: 'store.transaction-open' },
  'C3 an interactive transaction is open': { point: 'store.transaction-open', kind: payments },
  'C4 committed, no ack': { point: 'handler.committed' },
  'C5 the ack is in the socket buffer': { point: 'delivery.acked', anyStore: true },
}

const stores = [
  { name: 'SQLite', namespace: 'lite', url: temporaryStoreUrl, isFirst: true },
  { name: 'PostgreSQL', namespace: 'pg', url: freshDatabase, isFirst: false },
].filter(({ isFirst }) => isFirst || postgresAnswers())

interface Stage {
  readonly ledger: Ledger
  readonly namespace: string
  readonly storeUrl: string
  readonly start: (name: ServiceName, failpoints?: string) => Promise<RunningService>
  /**
   * Stops a consumer once nothing waits and what it holds is acked: an effect shows before its ack, and the next round's
   * victim would be killed over what is left, before it is ready.
   */
  readonly endAtRest: (consumer: RunningService) => Promise<void>
}

/** A store and namespace with one service that lives through all rows; the other is what is killed. */
function useStage(suffix: string, { namespace: prefix, url }: (typeof stores)[number], partner: ServiceName) {
  let stage: Stage & { readonly partner: RunningService }
  beforeAll(async () => {
    const [namespace, storeUrl] = [`${prefix}-${suffix}`, await url()]
    const settings = { BROKER_URL: broker.url, STORE_URL: storeUrl, NAMESPACE: namespace }
    const start = (name: ServiceName, failpoints?: string) =>
      startService(name, failpoints === undefined ? settings : { ...settings, FAILPOINTS: failpoints })
    const running = await start(partner)
    const store = await openStore({ url: storeUrl, migrations: [] })
    atEnd(() => store.close())
    const ledger = await startLedger(broker, { namespace, rows: (sql, params = []) => store.query(sql, params) })
    stage = { ledger, namespace, storeUrl, start, endAtRest: await restingIn(namespace), partner: running }
  })
  return () => stage
}

async function restingIn(namespace: string): Promise<Stage['endAtRest']> {
  const raw = await connectRaw(broker.url)
  const waiting = () => Promise.all(Object.keys(effectsOf).map((group) => raw.countReady(`${namespace}.${group}.v1`)))
  return async (consumer) => {
    await eventually('nothing waits', async () => (await waiting()).every((count) => count === 0))
    consumer.kill('SIGTERM')
    expect(await consumer.exited).toEqual({ code: 0, signal: null })
  }
}

async function isKilled({ exited }: RunningService): Promise<void> {
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
}

async function end(successor: RunningService): Promise<void> {
  successor.kill('SIGKILL')
  await isKilled(successor)
}

// Another passing in each round, so that the kill also falls between other messages.
const roundsOf = (text: string) =>
  Array.from({ length: rounds }, (_, round) => ({ passing: 3 + ((round * 7) % 23), prefix: `${text}-${round}` }))

describe.each(stores)('on $name', (on) => {
  const testOfAnyStore = on.isFirst || isLongRun ? test : test.skip
  const fits = ([, { anyStore }]: [string, Row]) => on.isFirst || isLongRun || anyStore !== true

  describe('the producer is killed', () => {
    const stage = useStage('producer', on, 'consumer')

    test.each(Object.entries(producerRows).filter(fits))('%s', async (step, { point }) => {
      const { ledger, start } = stage()
      for (const { passing, prefix } of roundsOf(step.slice(0, 2))) {
        const victim = await start('producer', `${point}=kill@${passing}`)
        let { url } = victim
        const load = ledger.send(() => url, prefix, few)
        await isKilled(victim)
        const successor = await start('producer')
        url = successor.url
        await load.finish()
        await ledger.expectSettled()
        await end(successor)
      }
    })

    testOfAnyStore('an exception outside of any try ends it with 1 within a second', async () => {
      const { ledger, start } = stage()
      const victim = await start('producer', 'http.closed=throw@3')
      let { url } = victim
      const load = ledger.send(() => url, 'uncaught', few)
      await expectFaultEnds(victim, 'uncaught exception')
      url = (await start('producer')).url
      await load.finish()
      await ledger.expectSettled()
    })

    test('afterwards no queue holds anything, and nothing was done twice', () => stage().ledger.expectHonest())
  })

  describe('the consumer is killed', () => {
    const stage = useStage('consumer', on, 'producer')

    test.each(Object.entries(consumerRows).filter(fits))('%s', async (step, { point, kind = orders }) => {
      const { ledger, start, endAtRest, partner } = stage()
      for (const { passing, prefix } of roundsOf(`${step.slice(0, 2)}-${kind.type.split('.', 1)[0]}`)) {
        const victim = await start('consumer', `${point}=kill@${passing}`)
        const load = ledger.send(() => partner.url, prefix, { ...few, kind })
        await isKilled(victim)
        await load.finish()
        const successor = await start('consumer')
        await ledger.expectSettled()
        await endAtRest(successor)
      }
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
        await endAtRest(successor)
      }
    })

    test('C6 the dead letter is confirmed, the original not acked', async () => {
      const { ledger, start, storeUrl, namespace } = stage()
      const victim = await start('consumer', 'copy.confirmed=kill@2')
      await whileFailing(storeUrl, async () => {
        for (const subject of ['C6-dead-1', 'C6-dead-2', 'C6-dead-3']) await sendLastAttempt(ledger, namespace, subject)
        await isKilled(victim)
      })
      // What comes back would succeed now, and have its effect beside its dead letter.
      await start('consumer')
      await ledger.expectSettled()
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
  })
})

async function expectFaultEnds({ exited, logs }: RunningService, kind: string): Promise<void> {
  expect(await exited).toEqual({ code: 1, signal: null })
  const endedAt = Date.now()
  const fault = logs.find(({ msg }) => msg === kind)
  const ms = endedAt - Date.parse(String(fault?.['time']))
  figure('fault to exit', ms, 'ms')
  expect(ms).toBeLessThan(1_000)
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
async function sendLastAttempt(ledger: Ledger, namespace: string, subject: string): Promise<void> {
  const body = JSON.stringify(orders.body(subject))
  const sentAt = new Date().toISOString()
  const raw = await connectRaw(broker.url)
  await raw.publishRaw(`${namespace}.events.v1`, orders.type, Buffer.from(body), {
    messageId: subject,
    type: orders.type,
    contentType: 'application/json',
    persistent: true,
    headers: { 'handoff-attempt': 5 },
  })
  ledger.write({ subject, body, status: 202, id: subject, sentAt })
}
