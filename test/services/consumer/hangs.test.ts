/** A handler that hangs on purpose: once, deaf to its signal, and let go in the end. */
import { Hangs } from '../../../services/consumer/faults/hangs'
import { handler } from '../../../services/consumer/handler'
import type { Job, Run } from '../../../services/consumer/work'
import { command } from '../../../shared/messages/message'
import { Type } from 'typebox'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

const facts = { description: 'A test.', examples: ['x'], delivery: { timeLimitMs: 1_000 } }
const wave = handler(command('wave', Type.String(), facts), { group: 'hands' }, () => {})
const nod = handler(command('nod', Type.String(), facts), { group: 'heads' }, () => {})

function hanging() {
  const hangs = new Hangs([wave, nod])
  const ran: string[] = []
  const run: Run = ({ handler: { type } }) => Promise.resolve(void ran.push(type.name))
  const around = hangs.around(run)
  const abort = new AbortController()
  const start = (which: Job['handler']) => {
    const told = { ended: false }
    const job = { handler: which, signal: abort.signal } as Job
    void around(job, {} as never).then(() => (told.ended = true))
    return told
  }
  return { hangs, ran, start, abort }
}

const soon = () => jest.advanceTimersByTimeAsync(0)

test('the next of its type hangs, the others run, and it hangs once', async () => {
  const { hangs, ran, start } = hanging()
  expect(hangs.arm('wave', undefined).detail).toBe('the next wave hangs in the group hands, whose limit is 1 s')
  const [other, hung] = [start(nod), start(wave)]
  await soon()
  expect([other.ended, hung.ended, ran]).toEqual([true, false, ['nod']])
  const again = start({ ...wave })
  await soon()
  expect([again.ended, ran]).toEqual([true, ['nod', 'wave']])
})

test('it heeds no signal, and is let go some time after its limit without having run', async () => {
  const { hangs, ran, start, abort } = hanging()
  hangs.arm('wave', 'hands')
  const hung = start({ ...wave })
  abort.abort()
  await jest.advanceTimersByTimeAsync(5_900)
  expect(hung.ended).toBe(false)
  await jest.advanceTimersByTimeAsync(200)
  expect([hung.ended, ran]).toEqual([true, []])
})

test('what nobody handles cannot hang', () => {
  const { hangs } = hanging()
  expect(() => hangs.arm('shrug', undefined)).toThrow('there is no handler for "shrug"')
  expect(() => hangs.arm('wave', 'heads')).toThrow('in the group "heads"')
})
