import { setTimeout as wait } from 'node:timers/promises'
import { fullJitterMs } from '../../shared/runtime/backoff'
import type { WebhookExample } from './examples'

export interface SendOptions {
  /** Where the producer is, such as `http://127.0.0.1:3000`. */
  readonly url: string
  readonly apiKey: string | undefined
  readonly concurrency: number
  /** How long one webhook may be sent again and again while the producer refuses it or is away. */
  readonly patienceMs: number
  /** Called after each accepted webhook with their number so far. */
  readonly accepted?: (count: number) => void
}

/**
 * Sends every example through the producer's HTTP door until each was answered 202. A refusal or a lost answer is
 * repeated with the same Idempotency-Key, which is what makes the repeat harmless. Answers with the number of tries.
 */
export async function sendWebhooks(examples: readonly WebhookExample[], options: SendOptions): Promise<number> {
  const left = [...examples]
  let tries = 0
  let accepted = 0
  const sender = async () => {
    for (let example = left.shift(); example !== undefined; example = left.shift()) {
      // Not `tries += await …`: that would read `tries` before the wait, and twenty senders would overwrite each other.
      const needed = await sendUntilAccepted(example, options)
      tries += needed
      options.accepted?.(++accepted)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, sender))
  return tries
}

async function sendUntilAccepted(example: WebhookExample, options: SendOptions): Promise<number> {
  const giveUpAt = performance.now() + options.patienceMs
  for (let tries = 1; ; tries++) {
    const refusal = await sendOnce(example, options)
    if (refusal === undefined) return tries
    if (performance.now() > giveUpAt) throw new Error(`webhook ${example.deliveryId} was not accepted: ${refusal}`)
    await wait(fullJitterMs(tries, { firstMs: 50, maxMs: 1_000 }, Math.random))
  }
}

/** Undefined when accepted, else why not; throws when trying again cannot help. */
async function sendOnce(example: WebhookExample, { url, apiKey }: SendOptions): Promise<string | undefined> {
  const { event, deliveryId, payload } = example
  const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': deliveryId }
  if (apiKey !== undefined) headers['authorization'] = `Bearer ${apiKey}`
  try {
    const body = JSON.stringify({ provider: 'github', event, deliveryId, payload })
    const answer = await fetch(`${url}/messages/webhook.received`, { method: 'POST', headers, body })
    const text = await answer.text()
    if (answer.status === 202) return undefined
    if (answer.status < 500 && answer.status !== 409 && answer.status !== 429)
      throw new Refused(`${deliveryId}: ${answer.status} ${text}`)
    return `${answer.status} ${text}`
  } catch (error) {
    if (error instanceof Refused) throw error
    return `no answer from ${url}: ${(error as Error).message}`
  }
}

class Refused extends Error {
  readonly code = 'REFUSED'
}
