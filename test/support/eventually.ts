import { setTimeout as wait } from 'node:timers/promises'

const pollMs = 20

/**
 * Waits until the check answers with something truthy, and answers with that. Fails with what was waited for, and the
 * last answer or error, when it does not happen in time (default 15 seconds).
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { withinMs = 15_000 } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const giveUpAt = performance.now() + withinMs
  for (;;) {
    const last = await attempt(check)
    if (last.kind === 'answer' && last.value) return last.value as Exclude<T, false | null | undefined | 0 | ''>
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}; ${describe(last)}`)
    await wait(pollMs)
  }
}

type Attempt<T> = { kind: 'answer'; value: T } | { kind: 'error'; error: Error }

async function attempt<T>(check: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'answer', value: await check() }
  } catch (error) {
    return { kind: 'error', error: error as Error }
  }
}

function describe<T>(last: Attempt<T>): string {
  return last.kind === 'error' ? `last error: ${last.error.message}` : `last answer: ${JSON.stringify(last.value)}`
}
