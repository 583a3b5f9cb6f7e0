import type { TransportStatus } from '../../shared/messaging/transport'
import type { CheckResult } from '../../shared/runtime/probes'
import type { SpoolStatus } from '../../shared/store/spool'

/** The spool is not being emptied although the broker takes messages. */
const stuckAfterMs = 60_000

/**
 * Ready when a publish would be sent now; degraded when something is missing at the broker or had to be made again, and
 * while the spool takes what the broker cannot.
 */
export function brokerCheck(
  { publishing, links, recreated, unroutable }: TransportStatus,
  spool?: SpoolStatus,
): CheckResult {
  if (!publishing.ok) {
    const why = [publishing.detail, ...links.flatMap(whyDown)].join('; ')
    if (spool === undefined || spool.refusal !== undefined) return { status: 'failed', detail: why }
    return { status: 'degraded', detail: `${why}; the spool takes messages meanwhile` }
  }
  if (unroutable.length > 0) return { status: 'degraded', detail: `no queue is bound for ${unroutable.join(', ')}` }
  if (recreated.length > 0)
    return { status: 'degraded', detail: `had to be made again since the start: ${recreated.join(', ')}` }
  return { status: 'ok', detail: publishing.detail }
}

/**
 * Degraded when the spool takes nothing, has damaged entries, or keeps what the broker could have; never failed, since
 * what the broker confirms needs no spool. `nowMs` is milliseconds since 1970.
 */
export function spoolCheck(spool: SpoolStatus, { publishing }: TransportStatus, nowMs: number): CheckResult {
  const { messages, bytes, maxBytes, oldestAtMs, refusal, damagedFiles } = spool
  const ageSeconds = oldestAtMs === undefined ? 0 : Math.round(Math.max(0, nowMs - oldestAtMs) / 1_000)
  const holds =
    messages === 0
      ? 'is empty'
      : `holds ${messages === 1 ? '1 message' : `${messages} messages`}, the oldest for ${ageSeconds} s`
  const detail = `${holds}; ${bytes} of ${maxBytes} bytes`
  if (refusal !== undefined) return { status: 'degraded', detail: `${refusal}; it ${detail}` }
  if (damagedFiles.length > 0)
    return { status: 'degraded', detail: `damaged entries were set aside in ${damagedFiles.join(', ')}; it ${detail}` }
  if (publishing.ok && ageSeconds * 1_000 > stuckAfterMs)
    return { status: 'degraded', detail: `the broker does not take what is in it: it ${detail}` }
  return { status: 'ok', detail }
}

function whyDown({ name, state, detail }: TransportStatus['links'][number]): readonly string[] {
  return state === 'ready' ? [] : [`${name} is ${state}: ${detail}`]
}
