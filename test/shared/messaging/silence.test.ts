import { Silence } from '../../../shared/messaging/rabbitmq/silence'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

const limitMs = 1_000
// Jest's setImmediate, by which what has come is read first.
const turnMs = 1

function watched() {
  const seen = { excusedUntil: -Infinity, tooLongAt: NaN }
  const startedAt = performance.now()
  const silence = new Silence({
    limitMs,
    excusedUntil: () => seen.excusedUntil,
    tooLong: () => (seen.tooLongAt = performance.now() - startedAt - turnMs),
  })
  return { silence, seen, pass: (ms: number) => jest.advanceTimersByTime(ms) }
}

test('a broker that was asked and says nothing has kept silent for too long at the limit', () => {
  const { silence, seen, pass } = watched()
  silence.asked()
  pass(limitMs - 1)
  silence.asked()
  expect(seen.tooLongAt).toBeNaN()
  pass(1 + turnMs)
  expect(seen.tooLongAt).toBe(limitMs)
})

test('on an idle channel the time counts from the question, not from the last word', () => {
  const { silence, seen, pass } = watched()
  silence.asked()
  silence.heard(0)
  pass(900)
  silence.asked()
  pass(60_000)
  expect(seen.tooLongAt).toBe(900 + limitMs)
})

test('with something still in flight it counts from the last word', () => {
  const { silence, seen, pass } = watched()
  silence.asked()
  for (let word = 0; word < 50; word++) {
    pass(100)
    silence.heard(1)
  }
  expect(seen.tooLongAt).toBeNaN()
  pass(60_000)
  expect(seen.tooLongAt).toBe(5_000 + limitMs)
})

test('in an alarm it does not count, and after it from its end', () => {
  const { silence, seen, pass } = watched()
  silence.asked()
  seen.excusedUntil = Infinity
  pass(5_500)
  seen.excusedUntil = performance.now()
  pass(limitMs - 1)
  expect(seen.tooLongAt).toBeNaN()
  pass(60_000)
  expect(seen.tooLongAt).toBe(5_500 + limitMs)
})

test('a channel that is gone is told nothing of', () => {
  const { silence, seen, pass } = watched()
  silence.asked()
  silence.end()
  pass(60_000)
  expect(seen.tooLongAt).toBeNaN()
})
