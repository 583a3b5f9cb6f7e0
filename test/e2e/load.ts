import { setTimeout as wait } from 'node:timers/promises'
import { order, post } from './pair'

// An outage may take a minute and more: a node that is stopped in order, and boots on a busy machine.
const patienceMs = 110_000

/** Orders that are sent one after the other, each repeated with the same key until it was answered 202. */
export interface Load {
  /** Sends no new ones; resolves with the ids of the messages when all that were begun are accepted. */
  readonly finish: () => Promise<ReadonlyMap<string, string>>
  readonly accepted: () => number
  /** Answers other than 202, by outcome or status; a lost answer counts as "none". */
  readonly refusals: Map<string, number>
}

/**
 * Sends orders, 20 at once, until it is told to finish: a fixed number might be through before the fault comes. `url`
 * is asked before each request, since a producer that restarts moves.
 */
export function sendOrders(url: () => string, prefix: string): Load {
  const ids = new Map<string, string>()
  const refusals = new Map<string, number>()
  let next = 0
  let finished = false
  const sender = async () => {
    while (!finished) {
      const orderId = `${prefix}-${next++}`
      ids.set(orderId, await sendUntilAccepted(url, orderId, refusals))
    }
  }
  const all = Promise.all(Array.from({ length: 20 }, sender))
  // Told by finish(); until somebody asks, a failure must not end the test process.
  all.catch(() => {})
  const finish = async () => {
    finished = true
    await all
    return ids
  }
  return { finish, accepted: () => ids.size, refusals }
}

async function sendUntilAccepted(url: () => string, orderId: string, refusals: Map<string, number>): Promise<string> {
  const giveUpAt = performance.now() + patienceMs
  while (performance.now() < giveUpAt) {
    const answer = await post(`${url()}/messages/order.placed`, order(orderId), { 'idempotency-key': orderId }).catch(
      () => undefined,
    )
    if (answer?.status === 202) return String(answer.body['id'])
    const refusal = (answer?.body['outcome'] as string | undefined) ?? String(answer?.status ?? 'none')
    refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
    await wait(50)
  }
  throw new Error(`order ${orderId} was not accepted in time`)
}
