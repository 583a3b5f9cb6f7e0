import { randomUUID } from 'node:crypto'
import { Drain } from '../../shared/forwarding/drain'
import { loggedDrain } from '../../shared/forwarding/logged-drain'
import { OutboxMessages } from '../../shared/forwarding/outbox-messages'
import { Relay } from '../../shared/forwarding/relay'
import type { Journal } from '../../shared/journal/journal'
import type { MessageType } from '../../shared/messages/message'
import type { Transport } from '../../shared/messaging/transport'
import { systemClock } from '../../shared/runtime/clock'
import type { Logger } from '../../shared/runtime/logger'
import type { Outbox } from '../../shared/store/outbox'
import type { ConsumerMetrics } from './metrics'

export interface RelayOutboxParts {
  readonly outbox: Outbox
  readonly transport: Pick<Transport, 'status'>
  readonly publishing: Pick<Transport, 'publish'>
  readonly journal: Pick<Journal, 'note'>
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
  readonly logger: Logger
  readonly counters: ConsumerMetrics
}

/** Publishes what is written into the store's outbox, by handlers and by anybody else; answers with how to stop. */
export async function relayOutbox(parts: RelayOutboxParts): Promise<() => Promise<void>> {
  const { outbox, transport, catalogue, namespace, logger, counters } = parts
  const name = randomUUID()
  const canPublish = () => transport.status().publishing.ok
  const messages = new OutboxMessages({
    relay: name,
    outbox,
    catalogue,
    source: `/${namespace}/outbox`,
    clock: systemClock,
    refused: (facts) => logger.error(facts, 'a row of the outbox is no message; it stays there as refused'),
    failed: (error) => logger.warn({ reason: error.message }, 'published messages could not be deleted; trying again'),
    removed: () => relay.look(),
  })
  const drain = new Drain({
    transport: storedBefore(parts),
    canPublish,
    from: messages,
    events: loggedDrain(logger, {
      place: 'outbox',
      left: (fate) => counters.outboxLeft.inc({ fate: fate === 'damaged' ? 'refused' : fate }),
    }),
    clock: systemClock,
    random: Math.random,
  })
  const relay = new Relay({
    name,
    types: catalogue.map((type) => type.name),
    outbox,
    messages,
    drain,
    canPublish,
    clock: systemClock,
    failed: (error) => logger.warn({ reason: error.message }, 'the outbox cannot be read; trying again'),
    recovered: () => logger.info('the outbox is read again'),
  })
  await relay.start()
  return () => relay.stop()
}

/** A row waits in the outbox from its time on, unless whoever wrote it gave it another. */
function storedBefore({ publishing, journal }: Pick<RelayOutboxParts, 'publishing' | 'journal'>) {
  const publish: Transport['publish'] = (envelope, route, answerBy) => {
    const at = Date.parse(envelope.time ?? '')
    journal.note(envelope, Number.isNaN(at) ? { kind: 'stored' } : { kind: 'stored', at })
    return publishing.publish(envelope, route, answerBy)
  }
  return { publish }
}
