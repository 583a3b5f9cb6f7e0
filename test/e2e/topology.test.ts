/** `npx handoff topology`: what is declared against what stands at a real broker, seen by management and without it. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { apiOf } from '../support/management'
import { startService } from '../support/service'
import { handoff } from './handoff'

const broker = useBroker()
const parking = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000, 'x-overflow': 'reject-publish' }

/** The command line on a namespace, with management to ask, or without. */
function topologyOf(namespace: string, sight: 'management' | 'amqp' = 'management') {
  const seeing = sight === 'management' ? runningBroker().managementUrl : 'off'
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, BROKER_MANAGEMENT_URL: seeing }
  const plan = async (...args: string[]) => {
    const { code, stdout, stderr } = await handoff(['topology', 'plan', ...args], { env })
    return { code, stdout, stderr, lines: stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  ')) }
  }
  return { env, plan, apply: () => handoff(['topology', 'apply'], { env }) }
}

const nothingToDo = /^equal: \d\d, to create: 0, differing: 0, strange: 0, bindings/

test.each(['management', 'amqp'] as const)(
  'seen by %s: plan, apply, and then there is nothing to do',
  async (sight) => {
    const namespace = `fresh-${sight}`
    const { plan, apply, env } = topologyOf(namespace, sight)
    const before = await plan()
    expect(before.code).toBe(3)
    expect(before.lines).toContain(`create  queue  ${namespace}.ledger.retry.5s.v1`)
    expect(before.lines).toContain(`create  exchange  ${namespace}.journal.v1`)
    const applied = await apply()
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/^created {2}exchange {2}fresh/) as string })
    expect(applied.stdout).toContain(`created  queue  ${namespace}.mail.dead.v1\n`)
    expect(await plan()).toMatchObject({ code: 0, stdout: expect.stringMatching(nothingToDo) as string })
    expect(await apply()).toMatchObject({ code: 0, stdout: expect.not.stringContaining('created  ') as string })
    const producer = await startService('producer', env)
    expect(producer.logs.filter(({ level }) => level === 'error')).toEqual([])
  },
)

test('what a service has declared is what is planned, and one that runs beside it changes nothing', async () => {
  const { plan, apply, env } = topologyOf('running')
  await startService('producer', env)
  await eventually('the journal is declared', async () => (await plan()).code === 0)
  expect(await apply()).toMatchObject({ code: 0, stdout: 'nothing to do\n' })
})

test('a queue deleted and a binding deleted are made again, each is printed, and messages beside them stay', async () => {
  const { plan, apply } = topologyOf('mended')
  await apply()
  const raw = await connectRaw(broker.url)
  await raw.publishRaw('', 'mended.mail.v1', Buffer.from('kept'), { persistent: true })
  await raw.channel.deleteQueue('mended.ledger.dead.v1')
  await raw.channel.unbindQueue('mended.payments.v1', 'mended.commands.v1', 'payment.capture')
  expect((await plan()).lines).toEqual([
    'WHAT  KIND  NAME  DETAIL',
    'create  queue  mended.ledger.dead.v1',
    'bind  binding  mended.ledger.dead.v1  to mended.requeue.v1 by "mended.ledger.dead.v1"',
    'bind  binding  mended.payments.v1  to mended.commands.v1 by "payment.capture"',
    expect.stringMatching(/^equal: \d\d, to create: 1, differing: 0, strange: 0, bindings to make: 2$/),
    '',
  ])
  expect((await apply()).stdout.split('\n')).toEqual([
    'created  queue  mended.ledger.dead.v1',
    'bound    mended.ledger.dead.v1 to mended.requeue.v1 by "mended.ledger.dead.v1"',
    'bound    mended.payments.v1 to mended.commands.v1 by "payment.capture"',
    'created 1, bound 2',
    '',
  ])
  expect((await raw.get('mended.mail.v1'))?.content.toString()).toBe('kept')
})

test.each(['management', 'amqp'] as const)(
  'seen by %s: an argument that cannot be changed is named with both values, and apply refuses before it makes anything',
  async (sight) => {
    const namespace = `other-${sight}`
    const { plan, apply } = topologyOf(namespace, sight)
    const raw = await connectRaw(broker.url)
    const name = `${namespace}.mail.dead.v1`
    await raw.channel.assertQueue(name, { durable: true, arguments: { ...parking, 'x-delivery-limit': 5 } })
    const planned = await plan()
    expect(planned.code).toBe(3)
    expect(planned.lines).toContain(`differs  queue  ${name}  x-delivery-limit is 5, declared is 1000000000`)
    const refused = await apply()
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(`queue ${name} has x-delivery-limit 5 in place of 1000000000`)
    expect((await plan()).lines).toContain(`create  exchange  ${namespace}.commands.v1`)
  },
)

test('what nobody declared is told and left alone; what merely begins alike is not ours', async () => {
  const { plan, apply } = topologyOf('strange')
  await apply()
  const raw = await connectRaw(broker.url)
  const queue = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
  await raw.channel.assertQueue('strange.old.v1', queue)
  await raw.channel.assertQueue('strange-neighbour.old.v1', queue)
  await raw.channel.assertQueue('tap', queue)
  await raw.channel.bindQueue('tap', 'strange.events.v1', '#')
  const { code, lines } = await plan()
  expect(code).toBe(3)
  expect(lines).toEqual([
    'WHAT  KIND  NAME  DETAIL',
    'extra  binding  tap  to strange.events.v1 by "#"',
    expect.stringMatching(/^strange {2}queue {2}strange\.old\.v1 {2}nobody declares it; it is left alone/),
    expect.stringMatching(/strange: 1, bindings to make: 0, extra bindings: 1$/),
    '',
  ])
  await apply()
  expect(await raw.countReady('strange.old.v1')).toBe(0)
})

test('a policy over our queues is shown, and called unsafe where it is', async () => {
  const { plan, apply } = topologyOf('policed')
  await apply()
  await broker.management.setPolicy('greedy', '^policed\\.mail\\.dead', { 'max-length': 9, overflow: 'drop-head' })
  await broker.management.setPolicy('harmless', '^policed\\.ledger\\.dead', { 'max-length': 9 })
  const { lines } = await eventually('both are told', async () => {
    const planned = await plan()
    return planned.lines.filter((line) => line.startsWith('policy')).length === 2 && planned
  })
  expect(lines).toContain('policy  queue  policed.ledger.dead.v1  policy "harmless": {"max-length":9}')
  const unsafe = lines.find((line) => line.startsWith('policy  queue  policed.mail.dead.v1  policy "greedy": '))
  expect(unsafe).toContain('UNSAFE: overflow "drop-head"')
})

test('the user needs the tag management to see more than AMQP tells, and no more than that', async () => {
  const api = apiOf(runningBroker().managementUrl)
  const { apply } = topologyOf('seen')
  await apply()
  await broker.management.setPolicy('shown', '^seen\\.mail\\.dead', { 'max-length': 9 })
  const url = new URL(broker.url)
  ;[url.username, url.password] = [`user-of-${broker.vhost}`, 'secret']
  atEnd(() => api('DELETE', `users/${url.username}`))
  const env = { BROKER_URL: url.href, NAMESPACE: 'seen', BROKER_MANAGEMENT_URL: runningBroker().managementUrl }
  const planAs = async (tags: string) => {
    await api('PUT', `users/${url.username}`, { password: 'secret', tags })
    const permissions = { configure: '^seen\\.', write: '^seen\\.', read: '^seen\\.' }
    await api('PUT', `permissions/${broker.vhost}/${url.username}`, permissions)
    return handoff(['topology', 'plan'], { env })
  }
  const blind = await planAs('')
  expect(blind).toMatchObject({ code: 0, stdout: expect.stringMatching(nothingToDo) as string })
  expect(blind.stderr).toContain(`it refuses user "${url.username}": give that user the tag "management"`)
  expect(blind.stderr).not.toContain('secret')
  await eventually('it sees the policy', async () => {
    const { code, stdout, stderr } = await planAs('management')
    return code === 0 && stderr === '' && stdout.includes('policy "shown": {"max-length":9}')
  })
})

test('--json is the whole of it, and standard error says what could not be seen', async () => {
  const { plan } = topologyOf('told', 'amqp')
  const { code, stdout, stderr } = await plan('--json')
  const { missing, unseen } = JSON.parse(stdout) as { missing: readonly { name: string }[]; unseen: string }
  expect(code).toBe(3)
  expect(missing.map(({ name }) => name)).toContain('told.requeue.v1')
  expect(unseen).toMatch(/^BROKER_MANAGEMENT_URL is off; so bindings, policies, .* cannot be seen/)
  expect(stderr).toBe(`handoff: ${unseen}\n`)
})

test('a broker that is away is one sentence and exit code 1', async () => {
  const env = { BROKER_URL: 'amqp://127.0.0.1:1' }
  const { code, stdout, stderr } = await handoff(['topology', 'plan'], { env })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^handoff: the broker cannot be reached at 127\.0\.0\.1:1 \(.+\)/)
})
