import { spooledMessages } from '../../../services/producer/spool/spooled-messages'
import { toEntry } from '../../../services/producer/spool/spooled-message'
import { Drain } from '../../../shared/forwarding/drain'
import type { Envelope, PublishResult, Route } from '../../../shared/messaging/transport'
import { ManualClock } from '../../support/manual-clock'
import { envelopeOf } from '../../services/producer/spool/messages'
import { openInMemory } from '../../services/producer/spool/open-in-memory'

type Publish = (envelope: Envelope, route: Route) => PublishResult | Promise<PublishResult>

export const outcome = (outcome: PublishResult['outcome']): PublishResult => ({ outcome, detail: outcome })
export const refused = (what: PublishResult['outcome']): PublishResult => ({ ...outcome(what), refused: true })

/** A drain of a spool in memory, on a clock that only the test moves. */
export async function drainOf(publish: Publish) {
  const { spool, folder } = await openInMemory()
  const clock = new ManualClock()
  const published: string[] = []
  const told: string[] = []
  const broker = { takes: true }
  const drain = new Drain({
    transport: {
      publish: (envelope, route) => {
        published.push(
          route.kind === 'event' || route.kind === 'command' ? envelope.id : `${envelope.id} ${route.kind}`,
        )
        return Promise.resolve(publish(envelope, route))
      },
    },
    canPublish: () => broker.takes,
    from: spooledMessages(spool),
    events: {
      left: (fate) => void told.push(fate),
      parked: ({ messageId }) => void told.push(`parked ${messageId}`),
      fault: ({ message }) => void told.push(`fault ${message}`),
    },
    clock,
    random: () => 1,
  })
  const add = async (
    id: string,
    options: { key?: string; type?: string; deliverat?: string; priority?: string; kind?: Route['kind'] } = {},
    first?: Promise<PublishResult>,
  ) => {
    const kept = await spool.append(
      toEntry({ envelope: envelopeOf(id, options), route: { kind: options.kind ?? 'event' } }),
    )
    drain.add(kept, first)
    return kept
  }
  return { spool, folder, clock, published, told, broker, drain, add }
}
