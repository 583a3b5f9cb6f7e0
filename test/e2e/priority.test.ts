/** What is urgent overtakes any backlog, whatever way it takes, and what is low goes on beside it. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { lowPrefetch, prefetch, priorityStage } from './priority-stage'

const broker = useBroker()
const urgent = { 'handoff-priority': '9' }
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}-${at}`)

describe('behind a backlog', () => {
  const namespace = 'urgent'
  const backlog = howMany({ sampled: 2_000, long: 100_000 })
  let stage: Awaited<ReturnType<typeof priorityStage>>
  let consumer: Awaited<ReturnType<(typeof stage)['startConsumer']>>

  beforeAll(
    async () => {
      stage = await priorityStage(broker.url, namespace)
      await stage.sendMany(numbered('backlog', backlog))
      consumer = await stage.startConsumer()
    },
    howMany({ sampled: 120_000, long: 600_000 }),
  )

  let effects = 0
  /** Lets so many runs pass, of which so many have no effect; resolves with the effects when they are there. */
  async function pass(runs: number, { inVain = 0 } = {}): Promise<readonly string[]> {
    await stage.pass(runs)
    const before = effects
    effects += runs - inVain
    const all = await eventually(`${effects} effects`, async () => {
      const greeted = await stage.greeted()
      return greeted.length === effects && greeted
    })
    return all.slice(before)
  }

  /** All handlers are at work on the backlog, and more of it waits in hand, when the urgent ones come into hand. */
  async function expectToOvertake(greetings: readonly string[]): Promise<void> {
    await consumer.holds(prefetch + greetings.length)
    const done = await pass(prefetch + greetings.length)
    expect(done).toEqual(expect.arrayContaining([...greetings]))
    const last = Math.max(...greetings.map((greeting) => done.indexOf(greeting)))
    const ahead = last + 1 - greetings.length
    figure('of the backlog, done before the last urgent one', ahead, 'messages')
    expect(ahead).toBeLessThan(prefetch)
  }

  test('those that are sent with a header come before what is in hand', async () => {
    await consumer.holds(prefetch)
    const greetings = numbered('urgent', 20)
    for (const greeting of greetings) await stage.send(greeting, urgent)
    await expectToOvertake(greetings)
  })

  test('one that fails overtakes it once more', async () => {
    await stage.send('urgent-flaky', urgent)
    await consumer.holds(prefetch + 1)
    const comesOut = await tapOfDue()
    await pass(prefetch, { inVain: 1 })
    await eventually('it has failed', () => consumer.logs.some(({ msg }) => msg === 'failed, will be tried again'))
    await eventually('it comes out', comesOut)
    await expectToOvertake(['urgent-flaky'])
  })

  test('one that had to wait does, too', async () => {
    const comesOut = await tapOfDue()
    await stage.send('urgent-delayed', { ...urgent, 'handoff-delay': '1' })
    await eventually('it comes out', comesOut)
    await expectToOvertake(['urgent-delayed'])
  })

  test('a dead letter that is replayed does, too', async () => {
    await stage.send('urgent-poison', urgent)
    await consumer.holds(prefetch + 1)
    await pass(prefetch, { inVain: 1 })
    const letters = async () => (await stage.dead('list', 'greetings', '--json')).stdout
    await eventually('it is parked', async () => (await letters()).includes('"rejected"'))
    await stage.mend()
    expect(await stage.dead('replay', 'greetings', '--all', '--yes')).toMatchObject({ code: 0 })
    await expectToOvertake(['urgent-poison'])
  })

  /** Whether something has come out of the delay levels since. */
  async function tapOfDue(): Promise<() => Promise<boolean>> {
    const tap = await connectRaw(broker.url)
    const { queue } = await tap.channel.assertQueue('', { exclusive: true })
    await tap.channel.bindQueue(queue, `${namespace}.delay.due.v1`, '#')
    return async () => (await tap.get(queue)) !== undefined
  }
})

test('while there is work of each, urgent has most of it, normal 15 % and low 5 %', async () => {
  const { sendMany, startConsumer, pass, greeted } = await priorityStage(broker.url, 'shares')
  const each = howMany({ sampled: 1_000, long: 10_000 })
  await sendMany(numbered('urgent', each), 9)
  await sendMany(numbered('normal', each))
  await sendMany(numbered('low', each), 0)
  const { holds } = await startConsumer()
  const inHand = 2 * prefetch + lowPrefetch
  await holds(inHand)
  // As many as there are urgent ones, so that these cannot have come to their end before.
  await pass(each)
  const done = await eventually('all that may pass', async () => {
    const all = await greeted()
    return all.length === each && all
  })
  const shareOf = (name: string) => done.filter((greeting) => greeting.startsWith(name)).length
  const shared = each - inHand
  expect(shareOf('low')).toBeGreaterThanOrEqual(Math.floor(shared * 0.05))
  expect(shareOf('normal')).toBeGreaterThanOrEqual(Math.floor(shared * 0.15))
  expect(shareOf('urgent')).toBeGreaterThan(each / 2)
  expect(shareOf('urgent')).toBeLessThan(each)
  figure('low ones, of all that was done', (100 * shareOf('low')) / each, '%')
})

// A smaller backlog might be through before they are sent.
const onlyLong = isLongRun ? test : test.skip

onlyLong(
  'each of twenty is handled while 100,000 are worked through at full speed',
  async () => {
    const { sendMany, startUsualConsumer, send, greeted } = await priorityStage(broker.url, 'full-speed')
    const backlog = 100_000
    await sendMany(numbered('backlog', backlog))
    await startUsualConsumer()
    await eventually('it has begun', async () => (await greeted()).length > 0)
    const times: number[] = []
    for (const greeting of numbered('urgent', 20)) {
      const sentAt = performance.now()
      await send(greeting, { ...urgent, prefer: 'wait=60' })
      times.push(performance.now() - sentAt)
    }
    const done = await greeted()
    expect(done.length).toBeLessThan(backlog)
    figure('from the request to its result, slowest of 20', Math.max(...times), 'ms')
    figure('of the backlog, done when all had theirs', done.length - times.length, 'messages')
  },
  600_000,
)
