/** A queue too busy to answer: asked how much waits in it, the broker says 0 after a quarter of a second. */
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { noTls, openRabbitmq } from '../contract/open-rabbitmq'
import { freshGroups } from '../contract/transport-fixtures'
import { connectRaw } from '../support/amqp-client'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'

const broker = useOwnBroker()

test('dead letters in a queue that is busy are met and counted as soon as it answers', async () => {
  const { all, payments } = freshGroups()
  await openRabbitmq(broker.url, all)
  const raw = await connectRaw(broker.url)
  const queue = `test.${payments.name}.dead.v1`
  for (const messageId of ['1', '2', '3']) await raw.publishRaw('', queue, Buffer.from('{}'), { messageId })
  const busyForTwoSeconds = `sys:suspend('%2F_${queue}'), timer:sleep(2000), sys:resume('%2F_${queue}').`
  const deadLetters = await openDeadLetters({ url: broker.url, namespace: 'test', name: 'busy', tls: noTls })
  atEnd(() => deadLetters.close())
  const whileBusy = async <T>(work: () => Promise<T>): Promise<T> => {
    let busy: Promise<unknown> | undefined
    await eventually('the broker says there is none', async () => {
      // Both in one call, since the second would take longer to begin than a walk waits; unseen, it is done again.
      busy ??= broker.ctl('eval', busyForTwoSeconds).finally(() => (busy = undefined))
      return (await raw.channel.checkQueue(queue)).messageCount === 0
    })
    const done = await work()
    await busy
    return done
  }
  expect(await whileBusy(() => deadLetters.walk(payments, () => 'keep'))).toEqual({ ready: 3, met: 3 })
  expect(await whileBusy(() => deadLetters.count(payments))).toBe(3)
  const left = await raw.getAll(queue)
  expect(left.map(({ properties }) => properties.messageId as unknown)).toEqual(['1', '2', '3'])
  expect(await deadLetters.count(payments)).toBe(0)
  expect(await deadLetters.walk(payments, () => 'keep')).toEqual({ ready: 0, met: 0 })
}, 120_000)
