import { pause } from '../../../shared/runtime/backoff'
import type { ServiceBand } from '../views/faults'
import type { ServiceDoor } from './service-faults'
import type { TrialRecord } from './trial-record'

const everyMs = 150
const answerWithinMs = 1_000

type State = ServiceBand['state'] | 'ready'

/** Notes when a service is not as it was at first, until the signal aborts; never rejects. */
export async function watchReadiness(
  record: TrialRecord,
  service: ServiceDoor,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<void> {
  let first: State | undefined
  let band: ServiceBand | undefined
  for (; !signal.aborted; await pause(everyMs, signal)) {
    const askedAtMs = now() - record.startedAt
    const state = await readinessOf(service)
    first ??= state
    if (state === band?.state) continue
    if (band !== undefined) close(record, band, askedAtMs)
    band = state === first || state === 'ready' ? undefined : { service: service.name, state, fromMs: askedAtMs }
    if (band !== undefined) record.bands.push(band)
  }
}

function close({ bands }: TrialRecord, band: ServiceBand, toMs: number): void {
  bands.splice(bands.indexOf(band), 1, { ...band, toMs })
}

async function readinessOf({ url }: ServiceDoor): Promise<State> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(answerWithinMs), redirect: 'error' })
    const { status } = (await response.json()) as { status?: unknown }
    return status === 'ready' || status === 'degraded' || status === 'not_ready' ? status : 'away'
  } catch {
    return 'away'
  }
}
