import { appendFileSync } from 'node:fs'
import { livedSince } from './lived'

/**
 * Keeps a measured figure of the running test, such as `recovered after`, for the report of a long run. Values are not
 * judged here: a bound belongs into an `expect`.
 */
export function figure(what: string, value: number, unit: 'ms' | 's' | 'messages' | 'MiB' | 'runs' | '%'): void {
  const file = process.env['HANDOFF_FIGURES_FILE']
  if (file === undefined) return
  const { currentTestName: test = 'outside a test' } = expect.getState()
  appendFileSync(file, `${JSON.stringify({ test, what, value, unit })}\n`)
}

/**
 * Keeps how long it took since then, on the clock of `performance.now`, and holds that it was less than the bound, not
 * counting what this process stood still.
 */
export function figureWithin(what: string, since: number, boundMs: number): void {
  figure(what, performance.now() - since, 'ms')
  expect(livedSince(since)).toBeLessThan(boundMs)
}
