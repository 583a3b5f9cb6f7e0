import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is neither undefined nor false; rejects with `what` after `withinMs`. */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await pause(100)
  }
  throw new Error(`${what} did not come true within ${withinMs} ms`)
}
