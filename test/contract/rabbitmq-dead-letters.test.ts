import type { Options } from 'amqplib'
import type { Verdict } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()
const reject: Verdict = { kind: 'reject', failure }

async function parked(
  verdict: Verdict | ((attempt: number) => Verdict),
  change: Parameters<typeof envelopeOf>[1] = {},
) {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  await listen(transport, groups.payments, ({ attempt }) =>
    typeof verdict === 'function' ? verdict(attempt) : verdict,
  )
  const envelope = envelopeOf(groups.command.type, change)
  await transport.publish(envelope, { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.payments.name}.dead.v1`
  const letter = await eventually('the dead letter', () => raw.look(queue))
  return { letter, envelope, groups, told, raw, queue, transport }
}

test('a dead letter is the message as it was, with why, where, when and after how many attempts', async () => {
  const { letter, envelope, groups } = await parked((attempt) =>
    attempt < 3 ? { kind: 'retry', afterMs: 50, failure } : reject,
  )
  expect(letter.content).toEqual(envelope.data)
  expect(letter.properties).toMatchObject({
    messageId: envelope.id,
    type: envelope.type,
    contentType: 'application/json',
    appId: 'handoff-test',
    deliveryMode: 2,
  })
  expect(letter.properties.headers).toMatchObject({
    cloudEvents_id: envelope.id,
    cloudEvents_source: '/test',
    'handoff-attempt': 3,
    'handoff-reason': 'failed',
    'handoff-error': 'Error: on purpose',
    'handoff-error-class': 'Error',
    'handoff-stack': 'Error: on purpose',
    'handoff-group': groups.payments.name,
    'handoff-route': `test.commands.v1/${groups.command.type}`,
    'handoff-first-seen': expect.stringMatching(/^\d{4}-.*Z$/) as string,
    'handoff-dead-at': expect.stringMatching(/^\d{4}-.*Z$/) as string,
  })
  const brokers = Object.keys(letter.properties.headers ?? {}).filter((name) => name.startsWith('x-'))
  expect(brokers.filter((name) => name !== 'x-delivery-count')).toEqual([])
})

test('a stack of 200 kB is cut to 8 KiB, at a whole character, and still parks', async () => {
  const { letter } = await parked({
    kind: 'reject',
    failure: { ...failure, message: 'ü'.repeat(9_000), stack: 'ü'.repeat(100_000) },
  })
  const { 'handoff-stack': stack, 'handoff-error': error } = letter.properties.headers as Record<string, string>
  expect(Buffer.byteLength(stack ?? '')).toBeLessThanOrEqual(8_192)
  expect(Buffer.byteLength(error ?? '')).toBeLessThanOrEqual(1_024)
  expect(`${stack}${error}`).not.toContain('\uFFFD')
})

test('headers of another client that leave no room for ours are cut, and it still parks', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await listen(transport, groups.payments, () => reject)
  const raw = await connectRaw(broker.url)
  const headers = { keep: 'me', huge: 'x'.repeat(60_000), CC: ['test.elsewhere'], 'x-death': [] }
  await raw.publishRaw('test.commands.v1', groups.command.type, Buffer.from('{}'), { messageId: 'big', headers })
  const letter = await eventually('the dead letter', () => raw.get(`test.${groups.payments.name}.dead.v1`))
  expect(letter.properties.headers).toMatchObject({
    keep: 'me',
    'handoff-headers-cut': true,
    'handoff-reason': 'failed',
  })
  expect(Object.keys(letter.properties.headers ?? {})).not.toContain('huge')
  expect(Object.keys(letter.properties.headers ?? {})).not.toContain('CC')
})

test('a reply-to that the broker would refuse does not keep a message from being parked', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await listen(transport, groups.payments, () => reject)
  const raw = await connectRaw(broker.url)
  const properties = { messageId: 'r', replyTo: 'amq.gen-nobody', expiration: '60000', headers: {} }
  await raw.publishRaw('test.commands.v1', groups.command.type, Buffer.from('{}'), properties)
  const letter = await eventually('the dead letter', () => raw.get(`test.${groups.payments.name}.dead.v1`))
  expect(letter.properties.expiration).toBeUndefined()
})

test('looking at a dead letter forty times loses nothing', async () => {
  const { raw, queue, envelope } = await parked(reject)
  for (let looks = 0; looks < 40; looks++) {
    const letter = await eventually('it is still there', () => raw.look(queue))
    expect(letter.properties.messageId).toBe(envelope.id)
  }
})

test('a deleted dead-letter queue is made again, loudly, and the message parked in it', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.payments.name}.dead.v1`
  await raw.channel.deleteQueue(queue)
  await listen(transport, groups.payments, () => reject)
  const envelope = envelopeOf(groups.command.type)
  await transport.publish(envelope, { kind: 'command' })
  await eventually('it was told', () => told.recreated.length > 0)
  // That comes right before the queue is made. Asked for a message that early, the broker closes the channel that asks.
  await eventually('the dead letter', async () => (await connectRaw(broker.url)).get(queue))
  expect(told.recreated).toEqual([queue])
  expect(transport.status().recreated).toEqual([queue])
})

test.each<[string, string, Options.Publish]>([
  ['a CloudEvents type of 300 bytes', '{}', { messageId: 'p', headers: { cloudEvents_type: 't'.repeat(300) } }],
  [
    'a structured type of 300 bytes',
    JSON.stringify({ id: 'p', type: 't'.repeat(300) }),
    { contentType: 'application/cloudevents+json', messageId: 'p' },
  ],
  ['a header of 21 500 wide characters', '{}', { messageId: 'p', headers: { wide: '字'.repeat(21_500) } }],
])(
  '%s leaves a copy that cannot be written as it is; it is parked all the same, and the others flow',
  async (_, body, properties) => {
    const groups = freshGroups()
    const { transport } = await openRabbitmq(broker.url, groups.all)
    const payments = await listen(transport, groups.payments, (delivery) =>
      delivery.content.kind === 'message' && delivery.content.envelope.id === 'p'
        ? { kind: 'reject', failure: { ...failure, stack: 'at '.repeat(2_000) } }
        : ack,
    )
    const raw = await connectRaw(broker.url)
    await raw.publishRaw('test.commands.v1', groups.command.type, Buffer.from(body), properties)
    const letter = await eventually('the dead letter', () => raw.get(`test.${groups.payments.name}.dead.v1`))
    expect(letter.properties).toMatchObject({
      messageId: 'p',
      headers: { 'handoff-reason': 'failed', 'handoff-group': groups.payments.name },
    })
    expect(letter.content.toString()).toBe(body)
    const other = envelopeOf(groups.command.type)
    await transport.publish(other, { kind: 'command' })
    await eventually('the others flow', () => payments.arrived(other.id).length === 1)
  },
)

test('with the requeue exchange deleted, it is made again, loudly, and the message parked', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace: 'gone' })
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteExchange('gone.requeue.v1')
  await listen(transport, groups.payments, () => reject)
  const envelope = envelopeOf(groups.command.type)
  await transport.publish(envelope, { kind: 'command' })
  const letter = await eventually('the dead letter', () => raw.get(`gone.${groups.payments.name}.dead.v1`))
  expect(letter.properties.messageId).toBe(envelope.id)
  expect(told.recreated).toEqual(['gone.requeue.v1'])
})

test('a full dead-letter queue drops nothing: the group says that it is held up, stops, and goes on when there is room', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all, { namespace: 'full' })
  const queue = `full.${groups.payments.name}.dead.v1`
  const limitTo = (length: number) =>
    broker.management.setPolicy('full-dead', `^${queue.replaceAll('.', '\\.')}$`, { 'max-length': length })
  await limitTo(1)
  await listen(transport, groups.payments, () => reject)
  const flow = () => transport.status().groups[0]
  const sent: string[] = []
  // A limit is soft: somewhat more is taken than it says.
  const publishUntil = (state: string) =>
    eventually(`the flow is ${state}`, async () => {
      if (flow()?.flow === state) return true
      const envelope = envelopeOf(groups.command.type)
      sent.push(envelope.id)
      await transport.publish(envelope, { kind: 'command' })
      return flow()?.flow === state
    })
  await publishUntil('held up')
  expect(flow()?.detail).toMatch(new RegExp(`held, ${queue} does not take its copy: refused by a queue`))
  await publishUntil('stopped')
  // 3.10 goes on refusing when the limit is taken away, and with a higher one until some were taken out.
  await limitTo(1_000)
  const raw = await connectRaw(broker.url)
  const parked: unknown[] = []
  const all = async () => {
    for (const { properties } of await raw.getAll(queue)) parked.push(properties.messageId)
    return parked.length >= sent.length
  }
  await eventually('all are parked', all)
  await eventually('it flows again', () => flow()?.flow === 'free')
  expect(parked.sort()).toEqual([...sent].sort())
})

test('a delivery whose handling throws goes back to the broker, is counted there, and never stops the others', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const poison = envelopeOf(groups.command.type)
  const payments = await listen(transport, groups.payments, (delivery): Verdict => {
    if (delivery.content.kind === 'message' && delivery.content.envelope.id === poison.id)
      throw new Error('a fault of ours')
    return ack
  })
  await transport.publish(poison, { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const letter = await eventually('the delivery limit parks it', () => raw.get(`test.${groups.payments.name}.dead.v1`))
  expect(letter.properties.messageId).toBe(poison.id)
  // Renewed after each ten until it has come back a hundred times, then twenty more by the broker's limit.
  expect(payments.arrived(poison.id)).toHaveLength(111)
  const other = envelopeOf(groups.command.type)
  await transport.publish(other, { kind: 'command' })
  await eventually('others flow', () => payments.arrived(other.id).length === 1)
  expect(told.faults.length).toBeGreaterThanOrEqual(21)
})
