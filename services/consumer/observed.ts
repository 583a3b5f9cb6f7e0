import type { Journal } from '../../shared/journal/journal'
import type { Group } from '../../shared/messages/group'
import type { OpenedTransport } from '../../shared/messaging/open-transport'
import type { OnDelivery } from '../../shared/messaging/transport'
import type { Logger } from '../../shared/runtime/logger'
import type { Tracing } from '../../shared/runtime/tracing/tracing'
import { journaled } from './around/journaled'
import { logged } from './around/logged'
import { measured } from './around/measured'
import { replied } from './around/replied'
import { traced } from './around/traced'
import { identityInSpan, identityOf } from './identity'
import type { ConsumerMetrics } from './metrics'

export interface Observers {
  readonly groups: readonly Group[]
  readonly transport: Pick<OpenedTransport, 'replies'>
  /** Undefined where there are no spans. */
  readonly tracing: Tracing | undefined
  readonly journal: Journal
  readonly counters: ConsumerMetrics
  readonly logger: Logger
}

/** Tells of each verdict whoever wants to know: spans, log, metrics, journal, and who waits for a result. */
export function observed(
  decide: OnDelivery,
  { groups, transport, tracing, journal, counters, logger }: Observers,
): OnDelivery {
  const knownTypes = new Set(groups.flatMap(({ types }) => types.map(({ name }) => name)))
  const { replies } = transport
  const counted = (group: string, outcome: string) => counters.replies.inc({ group, outcome })
  const answering = replied(decide, { replies, logger, counted })
  const counting = measured(journaled(answering, journal), counters, knownTypes)
  return traced(logged(counting, logger, tracing === undefined ? identityOf : identityInSpan), tracing)
}
