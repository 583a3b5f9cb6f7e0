import { Waits } from '../../../../services/producer/waiting/waits'
import { MemoryReplies } from '../../../../shared/messaging/memory/memory-replies'
import type { Reply } from '../../../../shared/messaging/reply-line'
import { ManualClock } from '../../../support/manual-clock'

const message = { id: 'm', source: '/s', type: 't' }

function stage(groups: readonly string[] = ['one', 'two'], byRoute: readonly string[] = []) {
  const [clock, replies] = [new ManualClock(), new MemoryReplies()]
  const observed: string[] = []
  const waits = new Waits({
    replies,
    takersOf: () => ({ bound: groups, byRoute }),
    clock,
    observed: (type, outcome, seconds) => observed.push(`${type} ${outcome} ${seconds}`),
  })
  const begin = async (seconds = 5) => {
    const begun = waits.begin(message, seconds)
    await clock.pass(0)
    const wait = await begun
    if (wait === undefined) throw new Error('there is no wait')
    const { replyto = '', replyid = '' } = wait.extensions
    const reply = async (change: Partial<Reply> = {}) => {
      await replies.send(replyto, { ...processed, token: replyid, ...change })
      await clock.pass(0)
    }
    return { wait, reply, ending: waits.ending(wait, message.type) }
  }
  return { clock, replies, observed, waits, begin }
}

const processed: Reply = {
  ...message,
  token: '',
  group: 'one',
  outcome: 'processed',
  reason: undefined,
  body: Buffer.from('1'),
  omitted: undefined,
}

test('ends when each group that takes the message has told; who did not want it is left out', async () => {
  const { begin, observed, clock } = stage()
  const { reply, ending } = await begin()
  await clock.pass(2_000)
  await reply({ group: 'two', outcome: 'filtered' })
  await reply()
  expect(await ending).toMatchObject({ kind: 'processed', replies: [{ group: 'one' }] })
  expect(observed).toEqual(['t processed 2'])
})

test.each<[string, Partial<Reply>, object, string]>([
  ['parked by one group', { outcome: 'dead', reason: 'failed' }, { kind: 'dead', reply: { reason: 'failed' } }, 'dead'],
  ['rejected by one group', { outcome: 'dead', reason: 'rejected' }, { kind: 'dead' }, 'rejected'],
  ['processed before', { outcome: 'duplicate' }, { kind: 'untold', why: 'duplicate' }, 'duplicate'],
])('%s, it ends at once', async (_what, change, expected, outcome) => {
  const { begin, observed } = stage()
  const { reply, ending } = await begin()
  await reply(change)
  expect(await ending).toMatchObject(expected)
  expect(observed).toEqual([`t ${outcome} 0`])
})

test('ends when the time is over, and not before', async () => {
  const { begin, clock, observed } = stage()
  const { ending } = await begin(60)
  let isOver = false
  void ending.then(() => (isOver = true))
  await clock.pass(59_999)
  expect(isOver).toBe(false)
  await clock.pass(1)
  expect(await ending).toEqual({ kind: 'untold', why: 'timeout' })
  expect(observed).toEqual(['t timeout 60'])
})

test('a reply that comes before the wait is not lost', async () => {
  const { waits, clock, replies } = stage(['one'])
  const begun = waits.begin(message, 5)
  await clock.pass(0)
  const wait = await begun
  await replies.send(wait?.extensions['replyto'] ?? '', { ...processed, token: wait?.extensions['replyid'] ?? '' })
  await clock.pass(0)
  expect(await waits.ending(wait as NonNullable<typeof wait>, 't')).toMatchObject({ kind: 'processed' })
})

test.each<[string, Partial<Reply>]>([
  ['an earlier request for the same id', { token: 'another' }],
  ['another message', { id: 'another' }],
  ['another source', { source: '/another' }],
  ['a group that does not take it', { group: 'another' }],
])('a reply about %s ends nothing', async (_what, change) => {
  const { begin, clock } = stage(['one'])
  const { reply, ending } = await begin()
  await reply(change)
  await clock.pass(5_000)
  expect(await ending).toEqual({ kind: 'untold', why: 'timeout' })
})

test('of a group the first reply counts, not the one after a replay', async () => {
  const { begin } = stage()
  const { reply, ending } = await begin()
  await reply({ body: Buffer.from('"first"') })
  await reply({ body: Buffer.from('"second"') })
  await reply({ group: 'two' })
  const { replies } = (await ending) as { replies: readonly Reply[] }
  expect(replies.map(({ body }) => body.toString())).toEqual(['"first"', '1'])
})

describe('rules of the routes file are heard when the message leaves', () => {
  const nothing = { groups: undefined, droppedBy: undefined }

  test('late, by way of the spool: the groups of then are waited for', async () => {
    const { begin, waits } = stage()
    const { wait, reply, ending } = await begin()
    waits.decided({ ...nothing, groups: { only: ['three', 'one'] } }, { type: 't', extensions: wait.extensions })
    await reply({ group: 'three' })
    waits.decided({ ...nothing, groups: { only: ['three'] } }, { type: 't', extensions: wait.extensions })
    expect(await ending).toMatchObject({ kind: 'processed', replies: [{ group: 'three' }] })
  })

  test('late, by way of the spool: what is dropped then is waited for no longer', async () => {
    const { begin, waits, observed } = stage()
    const { wait, ending } = await begin()
    waits.decided({ ...nothing, droppedBy: 'r' }, { type: 't', extensions: wait.extensions })
    expect(await ending).toEqual({ kind: 'untold', why: 'nobody' })
    expect(observed).toEqual(['t nobody 0'])
  })

  test('of messages that nobody waits for they change nothing', async () => {
    const { begin, waits } = stage(['one'])
    const { reply, ending } = await begin()
    waits.decided({ ...nothing, droppedBy: 'r' }, { type: 't', extensions: {} })
    await reply()
    expect(await ending).toMatchObject({ kind: 'processed' })
  })
})

test('stopping ends all of them, and none begins after that', async () => {
  const { begin, waits, clock } = stage()
  const [one, two] = [await begin(), await begin()]
  waits.stop()
  expect(await Promise.all([one.ending, two.ending])).toEqual(Array(2).fill({ kind: 'untold', why: 'stopping' }))
  const late = waits.begin(message, 5)
  await clock.pass(0)
  expect(await late).toBeUndefined()
})

test('a thousand wait at once, the next one does not; a place that was left is free', async () => {
  const { waits, begin, clock } = stage()
  const all = await Promise.all(Array.from({ length: 1_001 }, () => waits.begin(message, 5)))
  expect(all.filter((wait) => wait !== undefined)).toHaveLength(1_000)
  for (const wait of all) if (wait !== undefined) waits.forget(wait)
  expect(waits.atOnce).toBe(0)
  await clock.pass(0)
  await begin()
})

test('where there is no address, or nobody takes the type, nobody waits', async () => {
  const { waits, replies } = stage()
  replies.isOpen = false
  expect(await waits.begin(message, 5)).toBeUndefined()
  expect(await stage([]).waits.begin(message, 5)).toBeUndefined()
})

test('a type that groups get by rules alone is for nobody until one brings it', async () => {
  const { begin, waits } = stage([], ['one'])
  const { wait, reply, ending } = await begin()
  expect(wait.isForNobody).toBe(true)
  waits.decided({ groups: { also: ['one'] }, droppedBy: undefined }, { type: 't', extensions: wait.extensions })
  expect(wait.isForNobody).toBe(false)
  await reply()
  expect(await ending).toMatchObject({ kind: 'processed' })
})

test('an address that does not come within a second is none', async () => {
  const { waits, replies, clock } = stage()
  replies.address = () => new Promise(() => {})
  const begun = waits.begin(message, 5)
  await clock.pass(1_000)
  expect(await begun).toBeUndefined()
})
