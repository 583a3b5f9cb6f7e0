/** From a delivery to the turn of its handler. */
import { Type } from 'typebox'
import { setImmediate as turn } from 'node:timers/promises'
import { heldBack } from '../../../../services/consumer/around/held-back'
import { dispatcher } from '../../../../services/consumer/dispatch'
import { handler } from '../../../../services/consumer/handler'
import { Load } from '../../../../services/consumer/load/load'
import { group } from '../../../../shared/messages/group'
import { command } from '../../../../shared/messages/message'
import type { Delivery, Urgency } from '../../../../shared/messaging/transport'
import { ManualClock } from '../../../support/manual-clock'
import { deliveryOf } from '../returned-delivery'
import { evenly } from './evenly'

const pay = command('pay', Type.Object({}), { description: 'd', examples: [{}] })
const payments = group('payments', [pay])

/** One handler at a time, each of which ends when the next turn of the event loop begins. */
function stage() {
  const settings = { ceiling: 1, floor: 1, failures: 10, pauseMs: 1_000, prefetch: 16, windows: evenly(16) }
  const parts = { settings, lagMs: () => 0, clock: new ManualClock(), random: () => 1 }
  const load = new Load([payments], parts, () => {})
  const runs: string[] = []
  const dispatch = dispatcher({
    handlers: [handler(pay, { group: 'payments' }, () => {})],
    routing: { accepts: () => true },
    work: (job) =>
      load.take(job, async () => {
        runs.push(job.envelope.id)
        await turn()
        return 'applied' as const
      }),
    random: () => 1,
    now: Date.now,
  })
  const on = heldBack(dispatch, load)
  const handle = (...deliveries: readonly Delivery[]) =>
    Promise.all(deliveries.map((delivery) => on(delivery, new AbortController().signal)))
  return { handle, runs }
}

const from = (urgency: Urgency, id: string): Delivery => ({ ...deliveryOf({ id }), urgency })

test('deliveries from the urgent queue are handled before others that came earlier', async () => {
  const { handle, runs } = stage()
  await handle(deliveryOf({ id: 'first' }), from('low', 'l'), from('normal', 'n'), from('urgent', 'u'))
  expect(runs).toEqual(['first', 'u', 'n', 'l'])
})

test('the queue decides how urgent a delivery is, whatever priority its message has', async () => {
  const { handle, runs } = stage()
  const { content, ...rest } = deliveryOf({ id: 'has 9' })
  const envelope = content.kind === 'message' && { ...content.envelope, extensions: { priority: '9' } }
  if (envelope === false) throw new Error('no message')
  const claimsMore: Delivery = { ...rest, content: { kind: 'message', envelope } }
  await handle(deliveryOf({ id: 'first' }), from('normal', 'n'), claimsMore, from('urgent', 'u'))
  expect(runs).toEqual(['first', 'u', 'n', 'has 9'])
})
