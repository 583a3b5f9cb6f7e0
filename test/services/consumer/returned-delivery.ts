import type { Delivery } from '../../../shared/messaging/transport'

export interface Past {
  readonly id?: string
  readonly returns?: number
  readonly replays?: number
}

/** A delivery to the group `payments` that has come back so often without a verdict, and was replayed so often. */
export function deliveryOf({ id = '1', returns = 0, replays = 0 }: Past = {}): Delivery {
  const envelope = {
    id,
    source: '/s',
    type: 'pay',
    time: undefined,
    contentType: 'application/json',
    data: Buffer.from('{}'),
    extensions: {},
  }
  return {
    group: 'payments',
    content: { kind: 'message', envelope },
    attempt: returns + 1,
    returns,
    replays,
    firstSeen: '2026-01-01T00:00:00Z',
  }
}
