import { afterExit, type Ended } from '../../scripts/supervise/after-exit'
import type { Exit } from '../../scripts/supervise/run'

const crash: Exit = { code: 1, signal: undefined, how: 'exit code 1', readyForMs: undefined }
const ended = (facts: Partial<Ended>): Ended => ({
  exit: crash,
  everReady: true,
  failures: 0,
  obstacle: undefined,
  ...facts,
})
const almostOne = () => 0.999_999

test('a crash is followed by another start, after a wait that doubles up to its cap', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((failures) => {
    const step = afterExit(ended({ failures }), almostOne)
    return step.kind === 'restart' ? step.afterMs : step.why
  })
  expect(waits).toEqual([499, 999, 1999, 3999, 7999, 15999, 29999, 29999, 29999])
})

test('the wait is drawn anew each time, from nothing to its limit', () => {
  expect(afterExit(ended({ failures: 3 }), () => 0)).toEqual({ kind: 'restart', afterMs: 0, failures: 4 })
  expect(afterExit(ended({ failures: 3 }), () => 0.5)).toEqual({ kind: 'restart', afterMs: 2000, failures: 4 })
})

test('a run that had been ready for half a minute lets the back-off begin anew', () => {
  const after = (readyForMs: number) => afterExit(ended({ exit: { ...crash, readyForMs }, failures: 6 }), almostOne)
  expect(after(29_999)).toEqual({ kind: 'restart', afterMs: 29_999, failures: 7 })
  expect(after(30_000)).toEqual({ kind: 'restart', afterMs: 499, failures: 1 })
})

test('a service that rejects its settings is given up, also after it had been ready', () => {
  for (const everReady of [true, false]) {
    const step = afterExit(ended({ exit: { ...crash, code: 78 }, everReady }), almostOne)
    expect(step).toEqual({ kind: 'give_up', why: expect.stringContaining('settings') as string })
  }
})

test('an obstacle ends a service that was never ready; one that was is tried again', () => {
  const obstacle = 'port 3000 is taken'
  expect(afterExit(ended({ obstacle, everReady: false }), almostOne)).toEqual({ kind: 'give_up', why: obstacle })
  expect(afterExit(ended({ obstacle, everReady: true }), almostOne).kind).toBe('restart')
})

test('a service that is never ready gets five starts', () => {
  expect(afterExit(ended({ everReady: false, failures: 3 }), almostOne).kind).toBe('restart')
  expect(afterExit(ended({ everReady: false, failures: 4 }), almostOne)).toEqual({
    kind: 'give_up',
    why: expect.stringContaining('exit code 1') as string,
  })
})
