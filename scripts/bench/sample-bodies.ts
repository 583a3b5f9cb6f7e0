import { randomUUID } from 'node:crypto'

/** What waits on every consumer's queue. */
export function orderBody(serial: number): string {
  return JSON.stringify({ orderId: `B-${serial}-${randomUUID()}`, customerEmail: 'ada@example.com', amountCents: 4200 })
}

/** What is posted to every publisher. */
export function paymentBody(): string {
  return JSON.stringify({ paymentId: randomUUID(), amountCents: 4200 })
}

/** Of the one kind of message that may be of any size: so many bytes, or as few as it can be. */
export function webhookBody(serial: number, bytes = 0): string {
  const body = (padding: string) =>
    JSON.stringify({ provider: 'bench', event: 'sample', deliveryId: String(serial), payload: { padding } })
  return body('x'.repeat(Math.max(0, bytes - body('').length)))
}

/** Bodies as they come, from a small command to a large document. */
export const messageSizes = [
  { name: '200 B', bytes: 200 },
  { name: '2 KiB', bytes: 2_048 },
  { name: '20 KiB', bytes: 20_480 },
  { name: '200 KiB', bytes: 204_800 },
]
