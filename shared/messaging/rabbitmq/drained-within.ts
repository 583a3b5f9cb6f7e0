import type { AtWork } from '../../runtime/at-work'
import { pause } from '../../runtime/backoff'

/** Waits until nothing is at work any more, also of what began meanwhile, but no longer than that. */
export async function drainedWithin(running: AtWork<Promise<void>>, ms: number): Promise<void> {
  const done = new AbortController()
  const drained = drain(running).finally(() => done.abort())
  await Promise.race([drained, pause(ms, done.signal)])
}

async function drain(running: AtWork<Promise<void>>): Promise<void> {
  while (running.size > 0) await Promise.all(running)
}
