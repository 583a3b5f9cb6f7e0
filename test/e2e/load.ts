import { setTimeout as wait } from 'node:timers/promises'
import { order, post } from './pair'

/** Orders that are sent until each was answered 202, repeated with the same key while it was not. */
export interface Load {
  /** Resolves with the ids of the accepted messages when all were accepted. */
  readonly done: Promise<ReadonlyMap<string, string>>
  accepted(): number
  /** Answers other than 202, by outcome or status; a lost answer counts as "none". */
  readonly refusals: Map<string, number>
}

/** Sends `count` orders, 20 at once; `url` is asked before each request, since a producer that restarts moves. */
export function sendOrders(url: () => string, count: number, prefix: string): Load {
  const left = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
  const ids = new Map<string, string>()
  const refusals = new Map<string, number>()
  const sender = async () => {
    for (let orderId = left.shift(); orderId !== undefined; orderId = left.shift())
      ids.set(orderId, await sendUntilAccepted(url, orderId, refusals))
  }
  const done = Promise.all(Array.from({ length: 20 }, sender)).then(() => ids)
  return { done, accepted: () => ids.size, refusals }
}

async function sendUntilAccepted(url: () => string, orderId: string, refusals: Map<string, number>): Promise<string> {
  const giveUpAt = performance.now() + 60_000
  while (performance.now() < giveUpAt) {
    const answer = await post(`${url()}/messages/order.placed`, order(orderId), { 'idempotency-key': orderId }).catch(
      () => undefined,
    )
    if (answer?.status === 202) return String(answer.body['id'])
    const refusal = (answer?.body['outcome'] as string | undefined) ?? String(answer?.status ?? 'none')
    refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
    await wait(50)
  }
  throw new Error(`order ${orderId} was not accepted within a minute`)
}
