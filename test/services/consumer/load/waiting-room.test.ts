import { Circuit } from '../../../../services/consumer/load/circuit'
import { WaitingRoom, type Visitor } from '../../../../services/consumer/load/waiting-room'
import { ManualClock } from '../../../support/manual-clock'

/** Who was tried first of these, who wait while the circuit is open. */
async function firstTried(visitors: readonly Visitor[]): Promise<string | undefined> {
  const clock = new ManualClock()
  const changed = () => room.changed()
  const circuit: Circuit = new Circuit({ failures: 1, pauseMs: 1_000, ceiling: 4, clock, random: () => 1, changed })
  const room: WaitingRoom = new WaitingRoom({ circuit, clock, longestMs: 60_000 })
  circuit.failed('the first', new Error('connect ECONNREFUSED'))
  const tried: string[] = []
  for (const visitor of visitors)
    void room.enter(visitor, new AbortController().signal).then((entry) => entry === 'trial' && tried.push(visitor.key))
  await clock.pass(1_000)
  room.close()
  return tried[0]
}

const normal: Visitor = { key: 'normal', attempt: 1, urgency: 'normal' }
const urgent: Visitor = { key: 'urgent', attempt: 1, urgency: 'urgent' }

test('the most urgent is tried first', async () => {
  expect(await firstTried([{ key: 'low', attempt: 1, urgency: 'low' }, normal, urgent])).toBe('urgent')
})

test('what has failed before comes after what has not, however urgent it is', async () => {
  expect(await firstTried([{ ...urgent, attempt: 2 }, normal])).toBe('normal')
})

test('where urgent ones fail for ever the others are tried as well, and the first that succeeds ends the pause', async () => {
  const clock = new ManualClock()
  const changed = () => room.changed()
  const circuit: Circuit = new Circuit({ failures: 1, pauseMs: 1_000, ceiling: 4, clock, random: () => 1, changed })
  const room: WaitingRoom = new WaitingRoom({ circuit, clock, longestMs: 3_600_000 })
  const tried: string[] = []
  let number = 0
  // Each that is tried in vain makes room for the next of its queue.
  const wait = async (urgency: Visitor['urgency']): Promise<void> => {
    const key = `${urgency} ${++number}`
    if ((await room.enter({ key, attempt: 1, urgency }, new AbortController().signal)) !== 'trial') return
    tried.push(urgency)
    if (urgency === 'urgent') circuit.failed(key, new Error('connect ECONNREFUSED'))
    else circuit.succeeded(key)
    circuit.endTrial(key)
    if (urgency === 'urgent') room.triedInVain(key)
    await wait(urgency)
  }
  circuit.failed('the first', new Error('connect ECONNREFUSED'))
  for (const urgency of ['urgent', 'urgent', 'normal', 'low'] as const) void wait(urgency)
  await clock.pass(10_000)
  room.close()
  expect(tried).toContain('normal')
  expect(circuit.state).not.toBe('open')
})
