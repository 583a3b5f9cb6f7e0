/** The PostgreSQL server itself comes to harm under load; nothing stands between it and the services that could be kinder. */
import type { Load } from '../e2e/load'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { startLedger } from '../support/ledger/ledger'
import { findPostgres, startPostgres } from '../support/own-postgres'
import { expectNoAttemptSpent, processed } from './consumer-log'
import { eventuallySays, metricOf } from './ready'

const broker = useBroker()
const bin = findPostgres()
const hint = ' (skipped: PostgreSQL is not installed; install it with `apt-get install postgresql`)'
const [suite, name] = bin === undefined ? [describe.skip, `PostgreSQL${hint}`] : [describe, 'PostgreSQL']

// Longer than the services wait for an answer: what they gave up is still with the server, and may be committed after all.
const frozenForMs = howMany({ sampled: 15_000, long: 25_000 })
const kills = howMany({ sampled: 3, long: 30 })
const backlog = 500

/** Its own server, whose data nobody else has. */
async function underLoad(namespace: string) {
  const postgres = await startPostgres(bin ?? '')
  const pair = await startPair(broker.url, { NAMESPACE: namespace, STORE_URL: postgres.url })
  const ledger = await startLedger(broker, pair)
  return { postgres, pair, ledger, load: ledger.send(() => pair.producer.url, namespace) }
}

/** Resolves while the consumer empties a queue: what then happens to the store happens in the middle of transactions. */
async function busy({ pair, load }: { readonly pair: Pair; readonly load: Load }): Promise<void> {
  pair.consumer.kill('SIGSTOP')
  const enough = load.accepted() + backlog
  await eventually('messages wait for the consumer', () => load.accepted() > enough)
  const before = processed(pair)
  pair.consumer.kill('SIGCONT')
  await eventually('they are processed', () => processed(pair) > before)
}

/** Red, and with messages in hand. */
async function expectHeldUp({ consumer }: Pair): Promise<void> {
  await eventuallySays(consumer, 'not_ready')
  expect(await metricOf(consumer, 'handoff_in_flight')).toBeGreaterThan(0)
}

async function flowsAgain(pair: Pair, what: string, mend: () => Promise<void>): Promise<void> {
  const before = processed(pair)
  const mendedAt = performance.now()
  await mend()
  await eventually('messages are processed', () => processed(pair) > before)
  figureWithin(what, mendedAt, 20_000)
}

suite(name, () => {
  test('frozen: red meanwhile, and one effect for each after it goes on', async () => {
    const { postgres, pair, ledger, load } = await underLoad('frozen')
    await busy({ pair, load })
    await postgres.pause()
    const frozenAt = performance.now()
    await expectHeldUp(pair)
    await eventually('it was frozen long enough', () => performance.now() - frozenAt > frozenForMs)
    await flowsAgain(pair, 'processed after the store goes on', () => postgres.resume())
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
  })

  test('killed and started again: red meanwhile, and what was processed is still there', async () => {
    const { postgres, pair, ledger, load } = await underLoad('killed')
    for (let kill = 1; kill <= kills; kill++) {
      await busy({ pair, load })
      await postgres.kill()
      await expectHeldUp(pair)
      await flowsAgain(pair, 'processed after the store is started', () => postgres.start())
    }
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
  })
})
