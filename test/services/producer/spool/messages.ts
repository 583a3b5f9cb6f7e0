import type { Envelope } from '../../../../shared/messaging/transport'
import type { Posting } from '../../../../services/producer/accept'

interface EnvelopeOptions {
  readonly key?: string
  readonly type?: string
  readonly deliverat?: string
  readonly priority?: string
}

export function envelopeOf(
  id: string,
  { key, type = 'order.placed', deliverat, priority }: EnvelopeOptions = {},
): Envelope {
  return {
    id,
    source: '/test',
    type,
    time: '2026-11-28T12:00:00Z',
    contentType: 'application/json',
    data: Buffer.from(`"${id}"`),
    extensions: {
      ...(key !== undefined && { partitionkey: key }),
      ...(deliverat !== undefined && { deliverat }),
      ...(priority !== undefined && { priority }),
    },
  }
}

export function postingOf(
  id: string,
  options: { key?: string; type?: string; acceptance?: Posting['acceptance'] } = {},
): Posting {
  const { acceptance = 'confirm-then-spool' } = options
  return { envelope: envelopeOf(id, options), route: { kind: 'event' }, acceptance, answerBy: 9_900 }
}
