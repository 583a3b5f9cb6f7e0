import { setTimeout as pause } from 'node:timers/promises'
import { monotonicMs } from './monotonic-clock'

export interface OpenLoop {
  readonly perSecond: number
  readonly durationMs: number
  /** Resolves with the time at which what was sent had arrived; rejects when it did not. */
  readonly send: () => Promise<number>
  readonly clock?: Clock
}

export interface Clock {
  readonly now: () => number
  readonly wait: (ms: number) => Promise<unknown>
}

const systemClock: Clock = { now: monotonicMs, wait: (ms) => pause(ms) }

/**
 * Sends at a constant rate, whatever has become of what was sent before, and resolves with how long each took. This is
 * counted from when it was due: one that is sent late because the machine or a timer was, has waited nonetheless.
 */
export async function openLoop({
  perSecond,
  durationMs,
  send,
  clock = systemClock,
}: OpenLoop): Promise<readonly number[]> {
  const count = Math.max(1, Math.floor((perSecond * durationMs) / 1_000))
  const startedAt = clock.now()
  const latencies: Promise<number>[] = []
  while (latencies.length < count) {
    const dueAt = startedAt + (latencies.length * 1_000) / perSecond
    const early = dueAt - clock.now()
    if (early > 0) await clock.wait(early)
    const latency = send().then((arrivedAt) => arrivedAt - dueAt)
    // Rejects below, in its turn; until then nobody else would listen.
    latency.catch(() => {})
    latencies.push(latency)
  }
  return Promise.all(latencies)
}
