import { setTimeout as wait } from 'node:timers/promises'

/** How often a service that starts is asked; one that has been asked answers within this time or is asked again. */
const everyMs = 200
const answerMs = 2_000
const tellEveryMs = 5_000

/**
 * Asks a readiness address until it answers with success: true then, false when the program is gone. While it takes
 * long, `tell` hears what is missing.
 */
export async function untilReady(url: string, gone: AbortSignal, tell: (missing: string) => void): Promise<boolean> {
  for (let toldAt = performance.now(); !gone.aborted; await wait(everyMs)) {
    const answer = await askReadiness(url, gone)
    if (answer === 'ready') return true
    if (performance.now() - toldAt < tellEveryMs || gone.aborted) continue
    toldAt = performance.now()
    tell(answer)
  }
  return false
}

async function askReadiness(url: string, gone: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([gone, AbortSignal.timeout(answerMs)]) })
    const body = await answer.text()
    return answer.ok ? 'ready' : missingIn(body)
  } catch {
    return 'it does not answer yet'
  }
}

/** The checks that are not well, out of `{status, checks: {NAME: {ok, detail}}}`. */
function missingIn(body: string): string {
  try {
    const { checks } = JSON.parse(body) as { checks: Record<string, { ok: boolean; detail?: string }> }
    const missing = Object.entries(checks).filter(([, { ok }]) => !ok)
    return missing.map(([name, { detail }]) => `${name}: ${detail ?? 'not ok'}`).join('; ')
  } catch {
    return 'it answers, but is not ready'
  }
}
