import type { Options } from 'amqplib'
import type { RawClient } from '../support/amqp-client'
import { order } from './pair'

export interface Parked {
  readonly namespace: string
  readonly ids: readonly string[]
  /** Changes the headers of a letter. */
  readonly headers?: Readonly<Record<string, unknown>>
  /** Adds to its other properties. */
  readonly properties?: Readonly<Options.Publish>
  /** Stands in place of the order. */
  readonly body?: Buffer
}

type Letter = Omit<Parked, 'ids'> & { readonly id: string; readonly index: number }

/** Puts orders into the dead letters of the group `ledger`, as its consumer would have. */
export async function parkOrders(raw: RawClient, { ids, ...parked }: Parked): Promise<void> {
  for (let from = 0; from < ids.length; from += 500)
    await Promise.all(ids.slice(from, from + 500).map((id, index) => park(raw, { ...parked, id, index })))
}

async function park(raw: RawClient, { namespace, id, index, headers, properties, body }: Letter): Promise<void> {
  const deadAt = new Date(Date.parse('2026-01-01T00:00:00.000Z') + index).toISOString()
  await raw.publishRaw('', `${namespace}.ledger.dead.v1`, body ?? Buffer.from(JSON.stringify(order(id))), {
    messageId: id,
    type: 'order.placed',
    contentType: 'application/json',
    correlationId: 'c-1',
    persistent: true,
    ...properties,
    headers: {
      cloudEvents_id: id,
      cloudEvents_source: '/test',
      cloudEvents_type: 'order.placed',
      cloudEvents_specversion: '1.0',
      'handoff-attempt': 5,
      'handoff-reason': 'failed',
      'handoff-error': 'Error: the ledger was away',
      'handoff-error-class': 'Error',
      'handoff-stack': 'Error: the ledger was away\n    at book (ledger.ts:1:1)',
      'handoff-group': 'ledger',
      'handoff-first-seen': '2025-12-31T23:00:00.000Z',
      'handoff-dead-at': deadAt,
      'handoff-route': `${namespace}.events.v1/order.placed`,
      ...headers,
    },
  })
}

export function idsOf(count: number, prefix: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
}
