import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { howMany } from './how-many'

type Truthy<T> = Exclude<T, false | undefined | null | 0 | ''>

const pollEveryMs = 50
// Ten times as many messages come and go in a long run.
const defaultWithinMs = howMany({ sampled: 30_000, long: 300_000 })
const nothing = 'no answer yet'

class NoEnd extends Error {}

/**
 * Asks again and again until the check answers with something truthy, and answers with that. A check that throws has
 * not come true yet. Fails after `withinMs`, by default 30 seconds or, in a long run, five minutes, with `what` and the last answer or error.
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { withinMs = defaultWithinMs }: { readonly withinMs?: number } = {},
): Promise<Truthy<T>> {
  const end = performance.now() + withinMs
  let last: unknown = nothing
  do {
    try {
      const answer = await beforeEnd(check, end)
      if (answer) return answer as Truthy<T>
      last = answer
    } catch (error) {
      // What was answered before tells more than that the last check came to no end.
      if (!(error instanceof NoEnd) || last === nothing) last = error
    }
    await pause(pollEveryMs)
  } while (performance.now() < end)
  const cause = last instanceof Error ? last.message : inspect(last, { depth: 4, breakLength: 120 })
  throw new Error(`not within ${withinMs} ms: ${what}; last: ${cause}`, { cause: last })
}

// A check that never answers must not outlive the deadline.
async function beforeEnd<T>(check: () => T | Promise<T>, end: number): Promise<T> {
  const stop = new AbortController()
  const late = pause(Math.max(0, end - performance.now()), undefined, { signal: stop.signal }).then(() => {
    throw new NoEnd('the check itself did not answer in time')
  })
  late.catch(() => {})
  try {
    return await Promise.race([check(), late])
  } finally {
    stop.abort()
  }
}
