/** Groups that take what rules want, through HTTP door, broker and handlers. */
import { join } from 'node:path'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { expectNothingLeft } from './effects'
import { order, post, startPair, type Pair } from './pair'

const broker = useBroker()
const child = join(__dirname, 'rules-child.ts')

interface Explained {
  readonly groups: readonly { readonly name: string; readonly verdict: string; readonly because: string }[]
}

interface Sent {
  readonly id: string
  /** Whether the explanation says that the group takes it. */
  readonly isWanted: boolean
}

const ruled = (namespace: string, when: readonly string[] = []) =>
  startPair(broker.url, { NAMESPACE: namespace }, (name) => [child, name, ...when])

/** Asks where the event would go, and sends it. */
async function ask(
  pair: Pair,
  id: string,
  { source, amountCents }: { source: string; amountCents: number },
): Promise<Sent> {
  const event = { specversion: '1.0', id, source, type: 'order.placed', data: { ...order(id), amountCents } }
  const headers = { 'content-type': 'application/cloudevents+json' }
  const { body } = await post(`${pair.producer.url}/routes/explain`, event, headers)
  const verdict = (body as unknown as Explained).groups.find(({ name }) => name === 'fraud')?.verdict
  const { status } = await post(`${pair.producer.url}/messages`, event, headers)
  expect({ status, verdict }).toEqual({ status: 202, verdict: expect.stringMatching(/^(takes|filters)$/) as unknown })
  return { id, isWanted: verdict === 'takes' }
}

test('what a group handles is what the explanation said; the rest is acked, counted and told', async () => {
  const pair = await ruled('ruled')
  const amounts = [1, 99_999, 100_000, 100_001, 5_000_000]
  const sources = ['/shop', '/partner/acme', '/partner', 'urn:partner']
  const sent: Sent[] = []
  for (const source of sources)
    for (const amountCents of amounts) sent.push(await ask(pair, `${source}-${amountCents}`, { source, amountCents }))
  expect(sent.filter(({ isWanted }) => isWanted)).toHaveLength(3 * 3 + 5)

  const handled = async () =>
    (await pair.rows("select message_id from mails where recipient = 'fraud'")).map((row) => row['message_id'])
  await expectNothingLeft(broker.management, pair)
  const wanted = sent.flatMap(({ id, isWanted }) => (isWanted ? [id] : []))
  expect((await handled()).sort()).toEqual([...wanted].sort())
  expect(await pair.rows('select count(*) as n from ledger_entries')).toEqual([{ n: sent.length }])

  const metrics = await (await fetch(`${pair.consumer.url}/metrics`)).text()
  expect(metrics).toContain(
    'handoff_processed_total{group="fraud",type="order.placed",verdict="filtered"} ' + (sent.length - wanted.length),
  )
  const unwanted = sent.find(({ isWanted }) => !isWanted)
  const link = `${pair.producer.url}/messages/${encodeURIComponent(unwanted?.id ?? '')}?source=/shop`
  const status = await eventually('its whole story', async () => {
    const answer = await fetch(link)
    const told = (await answer.json()) as { state: string; groups: { name: string; state: string }[] }
    return told.state === 'processed' ? told : undefined
  })
  expect(status.groups).toContainEqual(expect.objectContaining({ name: 'fraud', state: 'filtered' }))
  expect(pair.consumer.logs).toContainEqual(
    expect.objectContaining({
      group: 'fraud',
      messageId: unwanted?.id,
      msg: 'not wanted by the rules of its group, nothing done',
    }),
  )
})

test('a rule that cannot be asked about an event makes it a dead letter with the reason', async () => {
  const pair = await ruled('divided', ['100000 / (event.data.amountCents - 1) > 50'])
  const { body } = await pair.post('order.placed', { ...order('D-1'), amountCents: 1 })
  const told = await eventually('the dead letter', async () => {
    const answer = await fetch(`${pair.producer.url}/messages/${String(body['id'])}`)
    const story = (await answer.json()) as { timeline: Record<string, unknown>[] }
    return story.timeline.find(({ step }) => step === 'dead')
  })
  expect(told).toMatchObject({
    group: 'fraud',
    attempt: 1,
    reason: 'failed',
    error: 'RuleError: rule "large orders" cannot be asked: division by zero',
  })
})

test.each(['producer', 'consumer'] as const)(
  'a misspelt field stops the %s with one line that names it',
  async (name) => {
    const service = await startService(
      name,
      { BROKER_URL: broker.url, NAMESPACE: 'misspelt' },
      { until: 'spawned', instead: [child, name, 'event.data.amountCent > 1'] },
    )
    expect(await service.exited).toEqual({ code: 78, signal: null })
    expect(service.logs.filter(({ text }) => text !== undefined)).toEqual([
      {
        text:
          `${name}: rule "large orders" of group "fraud" reads event.data.amountCent, ` +
          'which order.placed does not have; did you mean event.data.amountCents?',
      },
    ])
  },
)
