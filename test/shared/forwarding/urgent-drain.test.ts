import { urgencyOf } from '../../../shared/messaging/priority'
import type { Envelope, PublishResult } from '../../../shared/messaging/transport'
import { drainOf, outcome, refused } from './drain-of'

/** A group one of whose queues takes nothing: an event is in the queues of the other groups all the same. */
function refusing(full: 'work' | 'urgent'): (envelope: Envelope) => PublishResult {
  return (envelope) => {
    const isUrgent = urgencyOf(envelope) === 'urgent'
    return isUrgent === (full === 'urgent') ? refused('unknown') : outcome('confirmed')
  }
}

/** How often normal ones, which are refused, are published in a minute in which such messages come as well. */
async function triesBeside(others: { readonly priority: string; readonly key?: string } | undefined): Promise<number> {
  const { add, clock, published } = await drainOf(refusing('work'))
  for (let number = 0; number < 200; number++) await add(`N${number}`)
  for (let second = 0; second < 60; second++) {
    for (let number = 0; number < 10 && others !== undefined; number++) await add(`U${second}-${number}`, others)
    await clock.pass(1_000)
  }
  expect(published.filter((id) => id.startsWith('U'))).toHaveLength(others === undefined ? 0 : 600)
  return published.filter((id) => id.startsWith('N')).length
}

test('urgent ones that are taken have no normal one tried, whose queue refuses, and put into all others once more', async () => {
  const alone = await triesBeside(undefined)
  expect([await triesBeside({ priority: '9' }), await triesBeside({ priority: '9', key: 'k' })]).toEqual([alone, alone])
})

test.each([
  { full: 'work', stuck: '4', free: '9' },
  { full: 'urgent', stuck: '9', free: '4' },
] as const)('while the $full queue refuses, what goes into the other one is sent at once', async (queues) => {
  const { full, stuck, free } = queues
  const { add, clock, published } = await drainOf(refusing(full))
  for (let number = 0; number < 200; number++) await add(`stuck-${number}`, { priority: stuck })
  await clock.pass(200_000)
  await add('free', { priority: free })
  await clock.pass(0)
  expect(published.at(-1)).toBe('free')
})

test('low ones have a queue of their own as well', async () => {
  const { add, clock, published } = await drainOf((envelope) =>
    urgencyOf(envelope) === 'low' ? refused('unknown') : outcome('confirmed'),
  )
  await add('low', { priority: '0' })
  await clock.pass(200_000)
  await add('normal')
  await clock.pass(0)
  expect(published.at(-1)).toBe('normal')
})

test('once its queue takes one, all that waited is sent', async () => {
  let isFull = true
  const { add, clock, spool } = await drainOf(() => (isFull ? refused('unknown') : outcome('confirmed')))
  for (let number = 0; number < 200; number++) await add(`N${number}`)
  for (let number = 0; number < 200; number++) await add(`U${number}`, { priority: '9' })
  await clock.pass(200_000)
  isFull = false
  await clock.pass(30_200)
  expect(spool.status().messages).toBe(0)
})

test('a type is told as refused once, whichever of its queues refuse', async () => {
  const { add, clock, drain } = await drainOf(() => refused('unknown'))
  await add('N')
  await add('U', { priority: '9' })
  await add('L', { priority: '0', type: 'hello' })
  await clock.pass(1)
  expect([...drain.refusedTypes].sort()).toEqual(['hello', 'order.placed'])
})
