import type { TransportStatus } from '../../shared/messaging/transport'
import type { CheckResult } from '../../shared/runtime/probes'

/** Ready when a publish would be sent now; degraded when something had to be made again at the broker. */
export function brokerCheck({ publishing, recreated }: TransportStatus): CheckResult {
  if (!publishing.ok) return { status: 'failed', detail: publishing.detail }
  if (recreated.length > 0)
    return { status: 'degraded', detail: `had to be made again since the start: ${recreated.join(', ')}` }
  return { status: 'ok', detail: publishing.detail }
}
