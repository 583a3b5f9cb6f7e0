import { setTimeout as wait } from 'node:timers/promises'

/** Waits until `look` finds something, and throws with `what` after the deadline of 15 seconds. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const deadline = performance.now() + 15_000; performance.now() < deadline; await wait(20)) {
    const found = look()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(`waited 15 s in vain for ${what}`)
}
