/** A person who is asked and does not say yes, at a real terminal: nothing is moved, and the command has failed. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { parkOrders } from './dead-letter-fixtures'
import { handoff, hasTerminal, type HandoffFacts } from './handoff'

const broker = useBroker()
const atTerminal = hasTerminal ? test : test.skip

async function twoParked(namespace: string) {
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const raw = await connectRaw(broker.url)
  await parkOrders(raw, { namespace, ids: ['a', 'b'] })
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const ready = (queue: string) => raw.countReady(`${namespace}.${queue}.v1`)
  return {
    // What a look gave back is not counted for a moment by RabbitMQ 4.x.
    expectReady: async (dead: number, work: number) => {
      await eventually(`${dead} are dead`, async () => (await ready('ledger.dead')) === dead)
      expect(await ready('ledger')).toBe(work)
    },
    dead: (args: readonly string[], facts: HandoffFacts) => handoff(['dead', ...args], { env, ...facts }),
  }
}

atTerminal('a no leaves every letter in its place, and fails; a yes moves them', async () => {
  const { dead, expectReady } = await twoParked('answered')
  const answer = async (action: string, stdin: string) =>
    dead([action, 'ledger', '--all', '--why', 'w'], { on: 'terminal', stdin })
  const refused = await answer('discard', 'n\n')
  expect(refused.stdout).toContain('Discard for good 2 dead letters of group ledger? [y/N]')
  expect(refused.stdout).toContain('discarded 0 dead letters of group ledger, of 2')
  expect(refused.stdout).toContain('handoff: nothing was discarded, since the answer was not yes')
  expect(refused.stdout).not.toContain('audit')
  expect(refused.code).toBe(1)
  const kept = await answer('replay', '\n')
  expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('Replay 2 dead letters') as string })
  await expectReady(2, 0)
  expect(await answer('replay', 'y\n')).toMatchObject({ code: 0 })
  await expectReady(0, 2)
})

test('a yes through a pipe is no answer of a person', async () => {
  const { dead, expectReady } = await twoParked('piped')
  expect(await dead(['discard', 'ledger', '--all', '--why', 'w'], { stdin: 'y\n' })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^handoff: without a terminal nobody can answer .*--yes\n$/) as string,
  })
  await expectReady(2, 0)
})
