import type { Found } from '../../../shared/messaging/broker-objects'
import { TopologyWatch } from '../../../services/console/watch/topology-watch'
import { ManualClock } from '../../support/manual-clock'
import { declared, known, standing } from './topology-fixtures'
import { nothingRecorded, openConsoleDoor } from './door'

/** A watch over a broker that answers as it is told. */
function watchOver(look: () => Promise<Found>) {
  const clock = new ManualClock()
  const calls = { opened: 0, looked: 0, closed: 0 }
  const open = () => {
    calls.opened++
    return Promise.resolve({
      ...{ place: 'localhost:5672', declared },
      look: () => (calls.looked++, look()),
      close: () => Promise.resolve(void calls.closed++),
    })
  }
  return { calls, clock, watch: new TopologyWatch({ open, now: () => clock.now(), clock }) }
}

const away = () => Promise.reject(new Error('gone'))

test('all who look within four seconds share a look and a connection', async () => {
  const { watch, calls, clock } = watchOver(() => Promise.resolve(standing))
  await Promise.all([watch.seen(), watch.seen()])
  await clock.pass(3_900)
  await watch.seen()
  expect(calls).toEqual({ opened: 1, looked: 1, closed: 0 })
  await clock.pass(200)
  await watch.seen()
  expect(calls).toEqual({ opened: 1, looked: 2, closed: 0 })
})

test('what AMQP told is asked for more seldom', async () => {
  const { watch, calls, clock } = watchOver(() => Promise.resolve({ ...standing, bindings: undefined, unseen: 'off' }))
  await watch.seen()
  await clock.pass(19_000)
  await watch.seen()
  expect(calls.looked).toBe(1)
})

test('the broker is let go when nobody has looked for a minute, and at the end', async () => {
  const { watch, calls, clock } = watchOver(() => Promise.resolve(standing))
  await watch.seen()
  await clock.pass(60_000)
  expect(calls.closed).toBe(1)
  await watch.seen()
  await watch.close()
  await watch.close()
  expect(calls).toMatchObject({ opened: 2, closed: 2 })
})

test('after a broker restart the next look opens anew; one that is away is told, and each look tries again', async () => {
  const answers = [() => Promise.resolve(standing), away, () => Promise.resolve(standing), away, away, away]
  const { watch, calls, clock } = watchOver(() => (answers.shift() ?? away)())
  await watch.seen()
  await clock.pass(5_000)
  await watch.seen()
  expect(calls).toEqual({ opened: 2, looked: 3, closed: 1 })
  await clock.pass(5_000)
  await expect(watch.seen()).rejects.toThrow('gone')
  await expect(watch.seen()).rejects.toThrow('gone')
  expect(calls).toEqual({ opened: 4, looked: 6, closed: 4 })
})

test('GET /topology and GET /topology/route answer, or say why not', async () => {
  const { watch } = watchOver(() => Promise.resolve(standing))
  const { app } = await openConsoleDoor({}, undefined, {
    topology: { topology: watch, known, recorded: () => nothingRecorded },
  })
  expect((await app.inject('/topology')).json()).toMatchObject({ seenBy: 'management', namespace: 'ns' })
  const route = await app.inject('/topology/route?exchange=ns.events.v1&key=order.placed')
  expect(route.json()).toMatchObject({ queues: [{ name: 'ns.mail.v1' }] })
  expect((await app.inject('/topology/route?key=order.placed')).statusCode).toBe(422)
  const none = await openConsoleDoor()
  const refusal = await none.app.inject('/topology')
  expect(refusal.json()).toMatchObject({ status: 503, code: 'topology-away', reason: 'there is none' })
})
