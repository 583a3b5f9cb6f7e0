import { randomUUID } from 'node:crypto'
import type { Outgoing } from './in-flight'

/** An entry on its way to the stream of that name, by the exchange of the same name. Its id tells it from others. */
export function journalEntry(name: string, body: Buffer, appId: string): Outgoing {
  return {
    exchange: name,
    routingKey: '',
    body,
    properties: { messageId: randomUUID(), appId, contentType: 'application/json', persistent: true },
    nackMeans: 'not_accepted',
  }
}
