import { setTimeout as pause } from 'node:timers/promises'
import { cpuMicrosOf } from './process-facts'

const lookEveryMs = 200
/** A second: whoever gathers before he writes again, or waits for a disk, rests for less. */
const looks = 5
/** Two of the steps in which the kernel counts. */
const restMicros = 20_000
const withinMs = 120_000

/**
 * The CPU time that a process has used once it is at rest: what it does after the last answer was its work as well, and
 * must not slow the next contestant. Rejects when it is still busy after two minutes.
 */
export async function cpuMicrosAtRest({ pid, name }: { readonly pid: number; readonly name: string }): Promise<number> {
  const endsAt = performance.now() + withinMs
  let [before, quiet] = [cpuMicrosOf(pid), 0]
  while (performance.now() < endsAt) {
    await pause(lookEveryMs)
    const now = cpuMicrosOf(pid)
    quiet = now - before <= restMicros ? quiet + 1 : 0
    if (quiet === looks) return now
    before = now
  }
  throw new Error(`${name} was still busy ${withinMs / 1_000} s after its turn`)
}
