import { loggedDrain } from '../../shared/forwarding/logged-drain'
import type { Journal } from '../../shared/journal/journal'
import type { Group } from '../../shared/messages/group'
import { loggedEvents } from '../../shared/messaging/logged-events'
import { openTransport, type OpenedTransport } from '../../shared/messaging/open-transport'
import type { Transport } from '../../shared/messaging/transport'
import { brokerOptions, type BrokerConfig } from '../../shared/operations/broker-options'
import { systemClock } from '../../shared/runtime/clock'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { openSpool } from '../../shared/store/open-spool'
import type { OpenedSpool } from '../../shared/store/spool'
import { measured, publishInTime, type Accept } from './accept'
import { journaled } from './journaled-accept'
import type { ProducerMetrics } from './metrics'
import { acceptingBySpool } from './spool/accepting-by-spool'
import { loggedSpool } from './spool/logged-spool'

interface ConnectParts {
  readonly groups: readonly Group[]
  readonly logger: Logger
  readonly metrics: ProducerMetrics
  /** Whether it can be harmed on purpose. */
  readonly faults?: 'off' | 'on'
}

export function connect(
  config: BrokerConfig,
  { groups, logger, metrics, faults = 'off' }: ConnectParts,
): Promise<OpenedTransport> {
  const events = loggedEvents(logger, metrics)
  return openTransport({ ...brokerOptions(config, groups), name: 'producer', events, faults })
}

interface SpoolConfig {
  readonly SPOOL_PATH: string
  /** 0 for none. */
  readonly SPOOL_MAX_BYTES: number
}

/** Undefined where the settings want none. Closed after the broker, whose last confirms it still has to note. */
export async function openOwnSpool(
  lifecycle: Lifecycle,
  { config, logger }: { readonly config: SpoolConfig; readonly logger: Logger },
): Promise<OpenedSpool | undefined> {
  if (config.SPOOL_MAX_BYTES === 0) return undefined
  const { SPOOL_PATH: path, SPOOL_MAX_BYTES: maxBytes } = config
  const opened = await openSpool({ path, maxBytes, events: loggedSpool(logger) })
  lifecycle.add('spool', () => opened.spool.close())
  if (opened.found.length > 0)
    logger.info(
      { messages: opened.found.length },
      'messages are in the spool; they are sent when the broker takes them',
    )
  return opened
}

interface AcceptSurroundings {
  readonly transport: Pick<Transport, 'status'>
  readonly publishing: Pick<Transport, 'publish'>
  readonly journal: Pick<Journal, 'note'>
  readonly logger: Logger
  readonly own: ProducerMetrics
}

/** Accepts by the broker alone, or with the help of the spool; measured, and told to the journal. */
export function acceptance(lifecycle: Lifecycle, opened: OpenedSpool | undefined, parts: AcceptSurroundings): Accept {
  const { publishing, journal, own } = parts
  const accept = opened === undefined ? publishInTime(publishing) : acceptBySpool(lifecycle, opened, parts)
  return measured(journaled(accept, journal), own)
}

function acceptBySpool(
  lifecycle: Lifecycle,
  opened: OpenedSpool,
  { transport, publishing, logger, own }: AcceptSurroundings,
): Accept {
  const canPublish = () => transport.status().publishing.ok
  const events = loggedDrain(logger, { place: 'spool', left: (fate) => own.spoolLeft.inc({ fate }) })
  const parts = { publishing, canPublish, events, clock: systemClock, random: Math.random }
  const { accept, stop } = acceptingBySpool(opened, parts)
  lifecycle.add('drain of the spool', stop)
  return accept
}
