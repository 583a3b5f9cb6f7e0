import type { TransportStatus } from '../../shared/messaging/transport'
import type { CheckResult } from '../../shared/runtime/probes'

/** Ready when a publish would be sent now; degraded when something is missing at the broker or had to be made again. */
export function brokerCheck({ publishing, links, recreated, unroutable }: TransportStatus): CheckResult {
  if (!publishing.ok) return { status: 'failed', detail: [publishing.detail, ...links.flatMap(whyDown)].join('; ') }
  if (unroutable.length > 0) return { status: 'degraded', detail: `no queue is bound for ${unroutable.join(', ')}` }
  if (recreated.length > 0)
    return { status: 'degraded', detail: `had to be made again since the start: ${recreated.join(', ')}` }
  return { status: 'ok', detail: publishing.detail }
}

function whyDown({ name, state, detail }: TransportStatus['links'][number]): readonly string[] {
  return state === 'ready' ? [] : [`${name} is ${state}: ${detail}`]
}
