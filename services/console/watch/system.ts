import type { MessageWindow } from '../window/message-window'
import type { MessageRow } from '../views/message-row'
import type { BrokerView, SystemView } from '../views/system'
import type { BrokerWatch } from './broker-watch'
import type { ServiceWatch } from './service-watch'

export interface SystemParts {
  readonly window: Pick<MessageWindow, 'all' | 'unfinished'>
  readonly services: readonly Pick<ServiceWatch, 'view'>[]
  readonly broker: Pick<BrokerWatch, 'view'>
  readonly producerUrl: string
  /** Whether faults can be made to happen. Default `off`. */
  readonly faults?: SystemView['faults']
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The broker's figures are late by five seconds, and the console's own by one. */
const settledMs = 15_000
const waitsElsewhere: ReadonlySet<string> = new Set(['accepted', 'stored', 'delayed'])

/** Everything that is seen of the system now. */
export function systemView({ window, services, broker, producerUrl, faults = 'off', now }: SystemParts): SystemView {
  const at = now()
  const seen = broker.view(() => window.all())
  const isKnownEmpty = areEmpty(seen)
  let unfinished = 0
  let oldest: MessageRow | undefined
  for (const row of window.unfinished()) {
    if (isKnownEmpty && at - row.lastAt > settledMs && !waitsElsewhere.has(row.state)) continue
    unfinished++
    if (row.state !== 'delayed' && (oldest === undefined || row.at < oldest.at)) oldest = row
  }
  return {
    at,
    producerUrl,
    faults,
    services: services.map(({ view }) => view),
    broker: seen,
    unfinished,
    ...(oldest !== undefined && { oldest: { id: oldest.id, source: oldest.source, at: oldest.at } }),
  }
}

/** What a process tells in its last moment may be lost when it is killed: of a message that is in no queue there is no end to come. */
function areEmpty({ from, groups }: BrokerView): boolean {
  return from === 'management' && groups.every(({ ready, inHand, waiting }) => ready + inHand + waiting === 0)
}
