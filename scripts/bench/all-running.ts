import type { Contestant } from './contestant'
import { startContestant, type Running } from './start-contestant'

/** Starts the contestants one after the other, and stops them all when `work` has ended, however it ended. */
export async function withAllRunning<C extends Contestant, T>(
  contestants: readonly C[],
  work: (running: readonly Running<C>[]) => Promise<T>,
): Promise<T> {
  const running: Running<C>[] = []
  try {
    for (const contestant of contestants) running.push(await startContestant(contestant))
    return await work(running)
  } finally {
    await Promise.all(running.map(({ stop }) => stop()))
  }
}
