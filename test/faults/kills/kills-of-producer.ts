import { sendOnce } from '../../e2e/load'
import { orders } from '../../support/ledger/kinds'
import type { RunningService } from '../../support/service'
import { expectFaultEnds, few, isKilled, isRunOn, roundsOf, useStage, type KillStore, type Row } from './kill-stage'

const producerRows: Readonly<Record<string, Row>> = {
  'P1 the body is partly read': { point: 'http.body-begun', anyStore: true },
  'P2 validated, nothing sent': { point: 'publish.begun', anyStore: true },
  'P3 the publish is written, no confirm': { point: 'publish.written', anyStore: true },
  'P4 confirmed, the 202 is not written': { point: 'publish.confirmed' },
  'P5 the 202 is written, the socket not flushed': { point: 'http.answered', anyStore: true },
  'P6 the answer is closed': { point: 'http.closed', anyStore: true },
}

async function end(successor: RunningService): Promise<void> {
  successor.kill('SIGKILL')
  await isKilled(successor)
}

/** Kills producers whose fingerprints are in this store. */
export function killsOfProducer(on: KillStore): void {
  const testOfAnyStore = isRunOn(on, { point: 'http.closed', anyStore: true }) ? test : test.skip
  const stage = useStage(on, 'producer', 'consumer')

  test.each(Object.entries(producerRows).filter(([, row]) => isRunOn(on, row)))('%s', async (step, { point }) => {
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
