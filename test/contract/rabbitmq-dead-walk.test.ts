/** A walk through dead letters leaves them in their order, however it ends, and does not take for done what may not be. */
import type { DeadLetter, Decision } from '../../shared/messaging/dead-letters'
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { freshGroups } from './transport-fixtures'

const broker = useBroker()

/** Dead letters 1 to `count` of a group of their own, by their ids. */
async function parked(count: number) {
  const { all, payments } = freshGroups()
  await openRabbitmq(broker.url, all)
  const raw = await connectRaw(broker.url)
  const queue = `test.${payments.name}.dead.v1`
  for (let id = 1; id <= count; id++) await raw.publishRaw('', queue, Buffer.from('{}'), { messageId: String(id) })
  return { group: payments, raw, queue }
}

async function opened(url = broker.url) {
  const deadLetters = await openDeadLetters({ url, namespace: 'test', name: 'walk', tls: noTls })
  atEnd(() => deadLetters.close())
  return deadLetters
}

/** Ids as a walk meets them. */
async function met({ group }: Pick<Awaited<ReturnType<typeof parked>>, 'group'>): Promise<readonly unknown[]> {
  const deadLetters = await opened()
  const ids: unknown[] = []
  await deadLetters.walk(group, ({ properties }) => {
    ids.push(properties['messageId'])
    return 'keep'
  })
  return ids
}

test('what a walk has given back is there for the next', async () => {
  const place = await parked(40)
  const walks = [await opened(), await opened()]
  for (let each = 0; each < 20; each++)
    expect(await walks[each % 2]?.walk(place.group, () => 'keep')).toEqual({ ready: 40, met: 40 })
})

test('a walk that a fault ends leaves the letters in their order', async () => {
  const place = await parked(6)
  const all = ['1', '2', '3', '4', '5', '6']
  // What was given back once is handed out before the rest.
  expect(await met(place)).toEqual(all)
  const deadLetters = await opened()
  const decide = ({ properties }: DeadLetter): Decision => {
    if (properties['messageId'] === '3') throw new Error('a fault')
    return 'keep'
  }
  await expect(deadLetters.walk(place.group, decide)).rejects.toThrow('a fault')
  expect(await met(place)).toEqual(all)
})

test('a copy that is refused leaves its letter where it was', async () => {
  const place = await parked(4)
  expect(await met(place)).toEqual(['1', '2', '3', '4'])
  await place.raw.channel.deleteQueue(`test.${place.group.name}.v1`)
  const deadLetters = await opened()
  const walk = deadLetters.walk(place.group, ({ properties }) => (properties['messageId'] === '2' ? 'replay' : 'keep'))
  await expect(walk).rejects.toThrow('stays')
  expect(await met(place)).toEqual(['1', '2', '3', '4'])
})

test.each(['cut', 'swallow'] as const)(
  'a path that breaks before the last ack is there (%s): the walk fails',
  async (how) => {
    const place = await parked(1)
    const { proxy, url } = await proxiedBroker(broker.url)
    const deadLetters = await opened(url)
    const walk = deadLetters.walk(place.group, () => {
      proxy[how]()
      return 'discard'
    })
    await expect(walk).rejects.toThrow('was lost on the way')
    proxy.cut()
    await eventually('it is still there', async () => (await met(place)).length === 1)
  },
)
