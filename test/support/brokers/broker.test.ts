import { connectRaw } from '../amqp-client'
import { useBroker } from '../broker'
import { eventually } from '../eventually'
import { figuresLateMs } from '../management'

const broker = useBroker()
const { management } = broker
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

test('the virtual host holds what is declared in it, and nothing else', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertExchange('hub', 'topic', { durable: true })
  await raw.channel.assertQueue('ours', quorum)
  await raw.channel.bindQueue('ours', 'hub', 'a.*')
  expect((await management.queues()).map(({ name }) => name)).toEqual(['ours'])
  expect((await management.exchanges()).map(({ name }) => name)).toContain('hub')
  const binding = (await management.bindings()).find(({ source }) => source === 'hub')
  expect(binding).toMatchObject({ destination: 'ours', routing_key: 'a.*' })
  if (binding !== undefined) await management.deleteBinding(binding)
  expect((await management.bindings()).filter(({ source }) => source === 'hub')).toEqual([])
  await management.deleteExchange('hub')
  await management.deleteQueue('ours')
  await expect(management.queue('ours')).rejects.toThrow('404')
})

test('figures are late by less than a queue must be empty for to count as drained', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('counted', quorum)
  for (let count = 1; count <= 5; count++) {
    await raw.publishRaw('', 'counted', Buffer.from('1'))
    const shows = async () => (await management.queue('counted')).messages === count
    await eventually('the figure', shows, { withinMs: figuresLateMs })
  }
})

test('a queue counts as drained when its last message is gone for good, not while someone holds it', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('drain', quorum)
  await raw.publishRaw('', 'drain', Buffer.from('1'))
  await eventually('the figure', async () => (await management.queue('drain')).messages === 1)
  expect(await raw.countReady('drain')).toBe(1)
  const held = await raw.channel.get('drain')
  if (held === false) throw new Error('the message is gone')
  expect(await raw.countReady('drain')).toBe(0)
  await expect(management.eventuallyDrained(['drain'], { withinMs: 15_000 })).rejects.toThrow('drain holds 1 messages')
  raw.channel.ack(held)
  await management.eventuallyDrained(['drain'])
})

test('looking leaves a message where it is, and getAll takes everything', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('some', quorum)
  for (const body of ['1', '2', '3']) await raw.publishRaw('', 'some', Buffer.from(body))
  expect((await raw.look('some'))?.content.toString()).toBe('1')
  await eventually('it is back', async () => (await raw.countReady('some')) === 3)
  expect((await raw.getAll('some')).map(({ content }) => content.toString()).sort()).toEqual(['1', '2', '3'])
  expect(await raw.get('some')).toBeUndefined()
})

test('connections are closed as a restart closes them: with 320, and without an error', async () => {
  const raw = await connectRaw(broker.url)
  const closed = new Promise((resolve) => raw.channel.once('close', resolve))
  expect(await management.closeConnections()).toBe(1)
  await closed
})

test('a policy holds until it is deleted', async () => {
  await management.setPolicy('short', '^policed$', { 'max-length': 1 })
  await expect(management.setPolicy('wrong', '^(', {})).rejects.toThrow(/400/)
  await management.deletePolicy('short')
  await expect(management.deletePolicy('short')).rejects.toThrow('404')
})
