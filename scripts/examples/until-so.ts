import { setTimeout as pause } from 'node:timers/promises'

const everyMs = 50
const withinMs = 60_000

/** Asks again and again until the answer is yes; rejects after a minute. */
export async function untilSo(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs / 1_000} s: ${what}`)
    await pause(everyMs)
  }
}
