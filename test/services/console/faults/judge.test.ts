/** What a trial comes to, in a word, in numbers and in the messages that are shown. */
import { countsOf } from '../../../../services/console/faults/counts'
import { inSpans, longestGap } from '../../../../services/console/faults/gaps'
import { verdictOn } from '../../../../services/console/faults/judge'
import { momentsOf } from '../../../../services/console/faults/moments'
import { ofInterest } from '../../../../services/console/faults/of-interest'
import { planOf } from '../../../../services/console/faults/trial-plan'
import { trialView } from '../../../../services/console/faults/trial-view'
import { endedTrial, followed } from './record'

const gaps = { accepted: { ms: 260, fromMs: 2_900 }, processed: { ms: 1_400, fromMs: 2_900 } }
const dead = {
  state: 'dead',
  applied: 0,
  processedAtMs: undefined,
  deadIn: 'greetings',
  reason: 'malformed',
  error: 'no',
}

test('nothing is lost where each has its end, and the gaps are told', () => {
  expect(verdictOn(endedTrial([followed(), followed()]), gaps)).toEqual({
    outcome: 'kept',
    text: 'Nothing is lost: each of 2 accepted messages came to its end, 2 processed. After the fault the longest gap between two accepted messages was 260 ms, between two processed ones 1.4 s.',
  })
})

test('one accepted message without an end is lost, and shown first', () => {
  const trial = endedTrial([
    followed(),
    followed({ id: 'm-2', story: { state: 'routed', isSettled: false, applied: 0 } }),
  ])
  expect(verdictOn(trial, gaps)).toEqual({
    outcome: 'lost',
    text: '1 of 2 accepted messages is lost: without an end after 20 s, last seen routed.',
  })
  expect(ofInterest(trial)).toEqual([
    { id: 'm-2', source: '/test/producer', what: 'lost', detail: 'accepted, and last seen routed' },
  ])
})

test('one that the journal has never heard of is lost as well', () => {
  const trial = endedTrial([followed({ story: 'none' })])
  expect(verdictOn(trial, gaps)?.outcome).toBe('lost')
  expect(ofInterest(trial)).toMatchObject([{ what: 'lost', detail: expect.stringContaining('nowhere') as string }])
})

test('one that was never accepted is not lost: its caller was told', () => {
  const refused = followed({ id: undefined, tries: [{ atMs: 10, outcome: 'refused' }], story: 'none' })
  const verdict = verdictOn(endedTrial([followed(), refused]), gaps)
  expect(verdict?.outcome).toBe('kept')
  expect(verdict?.text).toContain('1 refused and 0 unknown at first, repeated with their keys, 1 never accepted')
})

test('a poisoned message has to be parked, and no other one', () => {
  const poison = followed({ kind: 'poison', id: 'poison-1', tries: [], story: dead })
  expect(verdictOn(endedTrial([followed(), poison]), gaps)).toMatchObject({ outcome: 'kept' })
  expect(ofInterest(endedTrial([poison]))).toMatchObject([
    { what: 'dead', group: 'greetings', detail: 'malformed: no' },
  ])
  const eaten = verdictOn(endedTrial([followed({ kind: 'poison' })]), gaps)
  expect(eaten).toMatchObject({ outcome: 'odd', text: expect.stringContaining('as if it were a good one') as string })
  const good = verdictOn(endedTrial([followed({ story: dead })]), gaps)
  expect(good).toMatchObject({ outcome: 'odd', text: expect.stringContaining('1 good message became dead') as string })
})

test('a second effect is odd, an absorbed delivery is not', () => {
  const absorbed = endedTrial([followed({ kind: 'duplicate', story: { duplicates: 4 } })])
  expect(verdictOn(absorbed, gaps)?.outcome).toBe('kept')
  expect(ofInterest(absorbed)).toMatchObject([
    { what: 'duplicate', detail: '5 deliveries processed, 1 with an effect' },
  ])
  const twice = verdictOn(endedTrial([followed({ story: { applied: 2 } })]), gaps)
  expect(twice).toMatchObject({ outcome: 'odd', text: expect.stringContaining('its effect more than once') as string })
})

test('what only the inbox knew is counted apart, and is no absorbed delivery', () => {
  const trial = endedTrial([followed({ isRepeated: true, story: { applied: 0, duplicates: 1 } })])
  expect(countsOf(trial)).toMatchObject({ processed: 1, untold: 1, absorbed: 0, open: 0 })
  expect(verdictOn(trial, gaps)?.text).toContain('by the word of the inbox')
})

test('what cannot be judged, failed or was ended says so', () => {
  const text = (change: object) => trialView(endedTrial([followed()], change), 0).verdict
  expect(text({ unjudged: 'the journal is away' })).toEqual({
    outcome: 'unjudged',
    text: 'It cannot be judged: the journal is away.',
  })
  expect(text({ state: 'failed', trouble: 'no producer' })?.text).toBe('It failed: no producer.')
  expect(text({ state: 'cancelled' })?.text).toBe('It was ended before its time.')
  expect(text({ state: 'sending' })).toBeUndefined()
})

test('the longest gap is one that ends after the fault, also one that has not ended', () => {
  const range = { afterMs: 3_000, untilMs: 4_000 }
  expect(longestGap([0, 2_000, 2_900, 3_100, 3_950], range)).toEqual({ ms: 850, fromMs: 3_100 })
  expect(longestGap([0, 2_500], range)).toEqual({ ms: 1_500, fromMs: 2_500 })
  expect(longestGap([], range)).toBeUndefined()
})

test('what falls into each span is counted, what another clock puts before the start as well', () => {
  expect(inSpans([-5, 0, 249, 250, 900, 5_000], { spanMs: 250, untilMs: 1_000 })).toEqual([3, 1, 0, 2])
})

test('moments stand in their order: a service that goes from one trouble into the next is not as before between', () => {
  const bands = [
    { service: 'consumer', state: 'away', fromMs: 3_050, toMs: 7_000 },
    { service: 'consumer', state: 'not_ready', fromMs: 7_000, toMs: 7_600 },
  ] as const
  const tries = [
    { atMs: 3_020, outcome: 'refused' },
    { atMs: 3_400, outcome: 'accepted' },
  ] as const
  const trial = endedTrial([followed({ tries: [...tries] })], { bands: [...bands] })
  expect(momentsOf(trial)).toEqual([
    { atMs: 3_000, what: 'the fault: struck' },
    { atMs: 3_020, what: 'the first message is refused' },
    { atMs: 3_050, what: 'the consumer is away' },
    { atMs: 3_400, what: 'the first message after it is accepted' },
    { atMs: 7_000, what: 'the consumer is not ready' },
    { atMs: 7_600, what: 'the consumer is as before' },
  ])
})

test('a fault that takes its time is seen to its end', () => {
  expect(planOf({ fault: 'block-memory', seconds: 5, holdSeconds: 10 }, 'hello')).toMatchObject({
    ...{ target: 'broker', strikesAtMs: 3_000, goesOnForMs: 12_000 },
  })
  expect(planOf({ fault: 'hang', seconds: 2 }, 'hello')).toMatchObject({ target: 'consumer', strikesAtMs: 1_000 })
})
