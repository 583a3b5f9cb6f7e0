/** Messages that came back once, which are suspected, in a group that is not to go on all the time. */
import { Type } from 'typebox'
import { heldBack } from '../../../../services/consumer/around/held-back'
import { suspected } from '../../../../services/consumer/around/suspected'
import { weighed } from '../../../../services/consumer/around/weighed'
import { dispatcher } from '../../../../services/consumer/dispatch'
import { Gate } from '../../../../services/consumer/gate'
import { handler } from '../../../../services/consumer/handler'
import { Load } from '../../../../services/consumer/load/load'
import { group } from '../../../../shared/messages/group'
import { command } from '../../../../shared/messages/message'
import type { Verdict } from '../../../../shared/messaging/transport'
import { systemClock } from '../../../../shared/runtime/clock'
import { openStore } from '../../../../shared/store/open-store'
import { atEnd } from '../../../support/ends'
import { temporaryStoreUrl } from '../../../support/temporary-store'
import { deliveryOf } from '../returned-delivery'
import { evenly } from './evenly'

const facts = { description: 'd', examples: [{}], delivery: { attempts: 100, delaysMs: [1] } }
const pay = command('pay', Type.Object({}), facts)
const payments = group('payments', [pay])

/** The group's deliveries, whose every second run fails, and each failure opens the circuit. */
async function stage() {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  const settings = { ceiling: 2, floor: 2, failures: 1, pauseMs: 1, prefetch: 16, windows: evenly(16) }
  const changes: string[] = []
  const parts = { settings, lagMs: () => 0, clock: systemClock, random: () => 1 }
  const load = new Load([payments], parts, (what, _, { circuit }) => what === 'circuit' && changes.push(circuit))
  atEnd(() => load.close())
  let runs = 0
  const flapping = () => (runs++ % 2 === 0 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve())
  const run = weighed(flapping, load, systemClock)
  const nowhere = { run: () => Promise.resolve(), query: () => Promise.resolve([]) }
  const dispatch = dispatcher({
    handlers: [handler(pay, { group: 'payments' }, () => {})],
    routing: { accepts: () => true },
    work: async (job) => {
      await load.take(job, () => run(job, nowhere))
      return 'applied'
    },
    random: () => 1,
    now: Date.now,
  })
  const on = heldBack(suspected(dispatch, { store, gate: new Gate(), random: () => 0 }), load)
  return { store, on, changes }
}

test('however often the circuit opens while they wait for their turn, nobody is parked, and nothing is held against them', async () => {
  const { store, on, changes } = await stage()
  const open = new AbortController().signal
  const endOf = async (id: string): Promise<Verdict> => {
    for (;;) {
      const verdict = await on(deliveryOf({ id, returns: 1 }), open)
      if (verdict.kind !== 'retry' && verdict.kind !== 'defer') return verdict
    }
  }
  const ids = Array.from({ length: 12 }, (_, n) => `${n}`)
  const ends = await Promise.all(ids.map(endOf))
  expect(new Set(ends.map(({ kind }) => kind))).toEqual(new Set(['ack']))
  expect(changes.filter((state) => state === 'open').length).toBeGreaterThan(4)
  for (const id of ids) expect((await store.trace({ group: 'payments', source: '/s', id, replays: 0 })).starts).toBe(0)
})
