import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import type { HandoffRun } from './handoff'

/**
 * Starts a command on dead letters again and again, and kills it a few letters further each time, at a moment that nobody
 * chose: between publish and ack as well. Resolves with how many were killed before one came to its end.
 */
export async function killedRuns(start: () => HandoffRun): Promise<number> {
  const enough = howMany({ sampled: 5, long: 120 })
  for (let kills = 0; kills < enough; kills++) {
    const run = start()
    const wanted = 2 + (kills % 5)
    // The kills before may have left fewer than are wanted: such a run comes to its end.
    let ended = false
    void run.ended.then(() => (ended = true))
    await eventually('some are told, or all', () => ended || run.stdout().split('\n').length > wanted)
    run.kill('SIGKILL')
    const { code } = await run.ended
    // It has moved all of them before it could be killed.
    if (kills === 0 && code !== null) expect(code).toBe(0)
    if (code !== null) return kills
  }
  return enough
}
