/** A queue at its limit refuses what comes (`reject-publish`): callers are told what is known, and nothing is tried blindly. */
import { startPair, type Answer } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { orders, payments, type Kind } from '../support/ledger/kinds'
import { startLedger } from '../support/ledger/ledger'
import { startService } from '../support/service'
import { metricOf } from './ready'

const broker = useBroker()
const refusals = howMany({ sampled: 5, long: 200 })

test('a command is not accepted and has no effect, an event unknown, each sent once; with room again, repeats have one', async () => {
  const env = { NAMESPACE: 'full' }
  const pair = await startPair(broker.url, { ...env, CONSUMER_GROUPS: 'greetings' })
  const ledger = await startLedger(broker, pair)
  await broker.management.setPolicy('full', '^full\\.(payments|mail)\\.v1$', { 'max-length': 1 })
  let sent = 0
  const send = (subject: string, kind: Kind) => ledger.attempt(pair.producer.url, subject, kind)
  /** Sends one after the other until so many were refused; answers their subjects. */
  const refused = async (kind: Kind, outcome: string): Promise<readonly string[]> => {
    const answers = new Map<string, Answer>()
    const isEnough = async () => {
      const subject = `${kind.type}-${++sent}`
      const answer = await send(subject, kind)
      if (answer?.status === 503) answers.set(subject, answer)
      return answers.size >= refusals
    }
    await eventually(`${refusals} are refused`, isEnough, { withinMs: 10_000 + refusals * 1_000 })
    // Not in the waiting, which takes what it throws for "not yet".
    for (const answer of answers.values()) expectRefusal(answer, outcome)
    return [...answers.keys()]
  }

  const commands = await refused(payments, 'not_accepted')
  expect(await countedOutcomes(pair.producer, payments.type)).toBe(sent)
  const commandsSent = sent
  const events = await refused(orders, 'unknown')
  expect(await countedOutcomes(pair.producer, orders.type)).toBe(sent - commandsSent)

  await startService('consumer', { ...env, BROKER_URL: broker.url, STORE_URL: pair.storeUrl })
  const roomAt = performance.now()
  const accepted = (subject: string, kind: Kind) =>
    eventually(`${subject} is accepted`, async () => (await send(subject, kind))?.status === 202)
  await accepted('first-command', payments)
  figureWithin('room again to accepted', roomAt, 10_000)
  // Half of the commands are given up by their caller: these must have no effect, and no event may have two.
  for (const subject of commands.slice(refusals / 2)) await accepted(subject, payments)
  for (const subject of events) await accepted(subject, orders)
  await ledger.expectHonest()
})

function expectRefusal({ body, headers }: Answer, outcome: string): void {
  expect(body).toMatchObject({ outcome })
  expect(headers.get('retry-after')).toMatch(/^\d+$/)
}

async function countedOutcomes(producer: { readonly url: string }, type: string): Promise<number> {
  const outcomes = ['confirmed', 'not_accepted', 'unknown']
  const counts = outcomes.map((outcome) =>
    metricOf(producer, `handoff_published_total{type="${type}",outcome="${outcome}"}`),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
