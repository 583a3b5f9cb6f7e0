import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'

/** So many events in one write. */
const together = 50
const accepted = Buffer.from('"status":202')

/** Sends CloudEvents in one stream for so long; resolves with how many were accepted. Rejects when one was not. */
export async function streamFor(url: string, ms: number): Promise<number> {
  const sending = request(url, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, agent: false })
  const counting = once(sending, 'response').then(([answer]) => countAccepted(answer as IncomingMessage))
  let sent = 0
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; sent += together)
    if (!sending.write(events(together))) await once(sending, 'drain')
  sending.end()
  const count = await counting
  if (count !== sent) throw new Error(`of ${sent} events ${count} were accepted`)
  return count
}

function events(count: number): string {
  return Array.from({ length: count }, event).join('')
}

function event(): string {
  const id = randomUUID()
  return `{"specversion":"1.0","id":"${id}","source":"/bench","type":"payment.capture","data":{"paymentId":"${id}","amountCents":4200}}\n`
}

async function countAccepted(answer: IncomingMessage): Promise<number> {
  let count = 0
  let rest = Buffer.alloc(0)
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(0x0a) + 1
    const whole = bytes.subarray(0, end)
    for (let at = whole.indexOf(accepted); at >= 0; at = whole.indexOf(accepted, at + accepted.length)) count++
    rest = bytes.subarray(end)
  }
  return count
}
