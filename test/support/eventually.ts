import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { howMany } from './how-many'

type Truthy<T> = Exclude<T, false | undefined | null | 0 | ''>

const pollEveryMs = 50
// More of a pause is the standstill of a busy machine, and no time that was given to what is asked.
const longestPauseMs = 250
// On a busy machine an answer from outside takes its time, too.
const lastLookMs = 1_000
// Ten times as many messages come and go in a long run.
const defaultWithinMs = howMany({ sampled: 30_000, long: 300_000 })
const nothing = 'no answer yet'

class NoEnd extends Error {}

/**
 * Asks again and again until the check answers with something truthy, and answers with that. A check that throws has
 * not come true yet. Fails after `withinMs`, by default 30 seconds or, in a long run, five minutes, and a last look after
 * them, with `what` and the last answer or error. What this process stood still between two looks comes on top.
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { withinMs = defaultWithinMs }: { readonly withinMs?: number } = {},
): Promise<Truthy<T>> {
  let end = performance.now() + withinMs
  let last: unknown = nothing
  for (let isLast = false; ; isLast = performance.now() >= end) {
    try {
      const answer = await beforeEnd(check, isLast ? performance.now() + lastLookMs : end)
      if (answer) return answer as Truthy<T>
      last = answer
    } catch (error) {
      // What was answered before tells more than that the last check came to no end.
      if (!(error instanceof NoEnd) || last === nothing) last = error
    }
    if (isLast) break
    end += await stoodStillInPause()
  }
  const cause = last instanceof Error ? last.message : inspect(last, { depth: 4, breakLength: 120 })
  throw new Error(`not within ${withinMs} ms: ${what}; last: ${cause}`, { cause: last })
}

async function stoodStillInPause(): Promise<number> {
  const startedAt = performance.now()
  await pause(pollEveryMs)
  return Math.max(0, performance.now() - startedAt - longestPauseMs)
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
