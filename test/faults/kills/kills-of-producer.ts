import { sendOnce } from '../../e2e/load'
import { eventually } from '../../support/eventually'
import { isLongRun } from '../../support/how-many'
import { orders } from '../../support/ledger/kinds'
import type { RunningService } from '../../support/service'
import {
  expectFaultEnds,
  expectRecovered,
  few,
  isKilled,
  isRunOn,
  roundsOf,
  useStage,
  type KillStore,
  type Row,
  type Stage,
} from './kill-stage'

const producerRows: Readonly<Record<string, Row>> = {
  'P1 the body is partly read': { point: 'http.body-begun', anyStore: true },
  'P2 validated, nothing sent': { point: 'publish.begun', anyStore: true },
  'P3 the publish is written, no confirm': { point: 'publish.written', anyStore: true },
  'P4 confirmed, the 202 is not written': { point: 'publish.confirmed' },
  'P5 the 202 is written, the socket not flushed': { point: 'http.answered', anyStore: true },
  'P6 the answer is closed': { point: 'http.closed', anyStore: true },
}

/** Of the journal, which no message waits for: what it does not tell is lost, and nothing else. */
const journalRows: Readonly<Record<string, Row>> = {
  'J1 its entry is written, no confirm': { point: 'journal.written' },
  'J2 its entry is confirmed': { point: 'journal.confirmed' },
}

async function end(successor: RunningService): Promise<void> {
  successor.kill('SIGKILL')
  await isKilled(successor)
}

/** Kills producers whose fingerprints are in this store. */
export function killsOfProducer(on: KillStore): void {
  const testOfAnyStore = isRunOn(on, { point: 'http.closed', anyStore: true }) ? test : test.skip
  const stage = useStage(on, 'producer', 'consumer')

  const rows = Object.entries({ ...producerRows, ...(isLongRun && journalRows) })
  test.each(rows.filter(([, row]) => isRunOn(on, row)))('%s', async (step, { point }) => {
    const { ledger, start } = stage()
    for (const { passing, prefix } of roundsOf(step.slice(0, 2))) {
      const victim = await start('producer', `${point}=kill@${passing}`)
      let { url } = victim
      const load = ledger.send(() => url, prefix, few)
      await isKilled(victim)
      if (point === 'publish.confirmed') await expectRecovered(stage(), prefix, load)
      const successor = await start('producer')
      url = successor.url
      await load.finish()
      await ledger.expectSettled()
      await end(successor)
    }
  })

  test('J3 what the journal says is being put into the store', async () => {
    const { ledger, start } = stage()
    for (const { passing, prefix } of roundsOf('J3')) {
      // One for each quarter of a second, about; what its predecessor told last may come before it is ready.
      const point = `store.transaction-open=kill@${Math.ceil(passing / 4)}`
      const victim = await start('producer', point, { until: 'spawned' })
      let { url } = victim
      const load = ledger.send(() => url, prefix, few)
      await isKilled(victim)
      const successor = await start('producer')
      url = successor.url
      const ids = await load.finish()
      await ledger.expectSettled()
      await expectAllTold(stage(), new Set(ids.values()))
      await end(successor)
    }
  })

  testOfAnyStore.each(['http.body-begun', 'publish.begun'] as const)(
    'killed at %s, what was not sent has no effect although nobody repeats it',
    async (point) => {
      const { ledger, start } = stage()
      const victim = await start('producer', `${point}=kill@1`)
      // Kept from the ledger, which would take an effect for that of a request without an answer.
      const sending = { subject: `unrepeated-${point}`, kind: orders, seen: () => {} }
      expect(await sendOnce(victim.url, sending)).toBeUndefined()
      await isKilled(victim)
      const successor = await start('producer')
      // What had been sent before it would have its effect before.
      expect(await ledger.attempt(successor.url, `after-${point}`)).toMatchObject({ status: 202 })
      await ledger.expectSettled()
      await end(successor)
    },
  )

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
}

/** Of none of these is the end missing in what the journal says, which no producer may leave out. */
async function expectAllTold({ journal }: Stage, ids: ReadonlySet<string>): Promise<void> {
  await eventually('the journal tells the end of each', async () => {
    const told = new Set(
      (await journal.latest(100_000)).flatMap(({ id, state }) => (state === 'processed' ? [id] : [])),
    )
    return [...ids].every((id) => told.has(id))
  })
}
