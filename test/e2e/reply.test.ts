/** `Prefer: wait` through HTTP door, broker and handlers; and who dies meanwhile costs the result, never the work. */
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { expectNothingLeft } from './effects'
import { order, post } from './pair'
import { replyStage, type ReplyStage } from './reply-stage'

const broker = useBroker()

const repliesOf = async ({ consumer }: ReplyStage, outcome: string) =>
  (await (await fetch(`${consumer.url}/metrics`)).text()).includes(
    `handoff_replies_total{group="tasks",outcome="${outcome}"} 1`,
  )

describe('who waits is told', () => {
  let stage: ReplyStage
  beforeAll(async () => {
    stage = await replyStage(broker.url, { NAMESPACE: 'told' })
  })

  test.each([
    ['the result', 'returns', 'task.run', 1],
    ['the result of an open transaction', 'returns', 'task.chat', 1],
    ['the result of the attempt that came through', 'fails once', 'task.run', 2],
  ])('%s', async (_what, end, type, attempt) => {
    const { status, headers, body } = await stage.ask(end, { type })
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        id: body['id'],
        type,
        outcome: 'processed',
        result: { did: expect.any(String) as string, attempt },
        links: { self: `/messages/${String(body['id'])}` },
      },
    })
    expect(headers.get('preference-applied')).toBe('wait=20')
  })

  test('why its handler rejected it, and of a failure no more than that it was parked', async () => {
    expect(await stage.ask('rejects')).toMatchObject({
      status: 422,
      body: { code: 'processing-rejected', detail: expect.stringMatching(/^nobody does /) as string, group: 'tasks' },
    })
    const failed = await stage.ask('fails')
    expect(failed).toMatchObject({ status: 500, body: { code: 'processing-failed', reason: 'failed', group: 'tasks' } })
    expect(JSON.stringify(failed.body)).not.toContain('secret')
  })

  test('what each group returned that takes an event', async () => {
    const { producer } = stage
    const event = { specversion: '1.0', id: 'both', source: '/shop', type: 'order.placed', data: order('O-1') }
    const headers = { 'content-type': 'application/cloudevents+json', prefer: 'respond-async, wait="20"' }
    const { status, body } = await post(`${producer.url}/messages`, event, headers)
    expect({ status, body }).toMatchObject({ status: 200, body: { id: 'both', results: { ledger: { entry: 'O-1' } } } })
    const again = await post(`${producer.url}/messages`, event, headers)
    expect(again).toMatchObject({ status: 202, body: { id: 'both', outcome: 'confirmed' } })
  })

  test('by the sample, out of the box', async () => {
    const headers = { 'content-type': 'text/plain', prefer: 'wait=20' }
    const { status, body } = await post(`${stage.producer.url}/messages/hello`, 'Hello World!', headers)
    expect({ status, body }).toMatchObject({ status: 200, body: { result: { greeting: 'Hello World!' } } })
  })
})

test('a wait may be longer than a request otherwise; when its time is over the answer is 202', async () => {
  const stage = await replyStage(broker.url, { NAMESPACE: 'slow' })
  const startedAt = performance.now()
  const { status, body, headers } = await stage.ask('waits', { seconds: 12 })
  expect({ status, body }).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  expect(headers.get('location')).toBe(`/messages/${String(body['id'])}`)
  expect(performance.now() - startedAt).toBeGreaterThan(11_900)
  await stage.openGate()
  await expectNothingLeft(broker.management, stage)
  expect(await stage.effects()).toBe(1)
  await eventually('its reply is counted', () => repliesOf(stage, 'sent'))
})

test('a producer that is killed while a caller waits: the work is done, once', async () => {
  const stage = await replyStage(broker.url, { NAMESPACE: 'killed-asker' })
  const asking = stage.ask('waits').catch(() => 'cut')
  await stage.arrived(1)
  stage.producer.kill('SIGKILL')
  expect(await asking).toBe('cut')
  await stage.openGate()
  await expectNothingLeft(broker.management, stage)
  expect(await stage.effects()).toBe(1)
  await eventually('the reply found nobody', () => repliesOf(stage, 'unroutable'))
})

test('a consumer that is killed before its reply: the effect is there once, and the caller is told 202', async () => {
  const stage = await replyStage(broker.url, { NAMESPACE: 'killed-replier' }, { FAILPOINTS: 'handler.committed=kill' })
  const asking = stage.ask('returns', { seconds: 60 })
  expect(await stage.consumer.exited).toMatchObject({ signal: 'SIGKILL' })
  await stage.again('consumer')
  expect(await asking).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  expect(await stage.effects()).toBe(1)
})

test('a producer that is told to stop answers who waits at once, and the work is done', async () => {
  const stage = await replyStage(broker.url, { NAMESPACE: 'stopped-asker' })
  const asking = stage.ask('waits', { seconds: 60 })
  await stage.arrived(1)
  stage.producer.kill('SIGTERM')
  expect(await asking).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  expect(await stage.producer.exited).toMatchObject({ code: 0 })
  await stage.openGate()
  await expectNothingLeft(broker.management, stage)
  expect(await stage.effects()).toBe(1)
})

test('a connection that is cut while a caller waits costs him the result, and the next one nothing', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const stage = await replyStage(url, { NAMESPACE: 'cut-asker' })
  const asking = stage.ask('waits', { seconds: 6 })
  await stage.arrived(1)
  proxy.cut()
  await stage.openGate()
  expect(await asking).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  await eventually('a result is told again', async () => (await stage.ask('returns')).status === 200)
  await expectNothingLeft(broker.management, stage)
  const [{ tasks, effects } = {}] = await stage.rows(
    "select count(distinct message_id) as tasks, count(*) as effects from mails where recipient = 'tasks'",
  )
  expect(effects).toBe(tasks)
})
