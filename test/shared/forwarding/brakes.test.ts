import { Brakes } from '../../../shared/forwarding/brakes'
import { ManualClock } from '../../support/manual-clock'

test('what is held at the moment in which one may be tried is the one that is', async () => {
  const clock = new ManualClock()
  const released: object[] = []
  const brakes = new Brakes<{ paused: boolean }>({ clock, random: () => 1, release: (lane) => released.push(lane) })
  brakes.refused('hello')
  await clock.pass(1_000)
  expect([brakes.mayTry('hello'), brakes.mayTry('hello')]).toEqual([true, false])
  // The first ends without a word before the second, which was told to wait, does so.
  brakes.toldNothing('hello')
  const second = { paused: false }
  brakes.hold('hello', second)
  expect([released, second.paused]).toEqual([[second], false])
})
