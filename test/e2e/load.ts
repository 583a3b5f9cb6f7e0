import { setTimeout as wait } from 'node:timers/promises'
import type { Answered } from '../support/ledger/history'
import type { Kind } from '../support/ledger/kinds'
import { order, post, type Answer } from './pair'

// An outage may take a minute and more: a node that is stopped in order, and boots on a busy machine.
const usualPatienceMs = 110_000

/** Orders that are sent one after the other, each repeated with the same key until it was answered 202. */
export interface Load {
  /** Sends no new ones; resolves with the ids of the messages when all that were begun are accepted. */
  readonly finish: () => Promise<ReadonlyMap<string, string>>
  readonly accepted: () => number
  /** Answers other than 202, by outcome or status; a lost answer counts as "none". */
  readonly refusals: Map<string, number>
}

export interface LoadOptions {
  /** How many are under way at once; 20 by default. */
  readonly senders?: number
  /** How long an order is repeated before that is called a failure; 110 seconds by default. */
  readonly patienceMs?: number
  /** What is sent; orders by default. */
  readonly kind?: Pick<Kind, 'type' | 'body'>
  /** Hears of every attempt. */
  readonly seen?: (answered: Answered) => void
}

/**
 * Sends orders, several at once, until it is told to finish: a fixed number might be through before the fault comes. `url`
 * is asked before each request, since a producer that restarts moves.
 */
export function sendOrders(url: () => string, prefix: string, options: LoadOptions = {}): Load {
  const { senders = 20, patienceMs = usualPatienceMs } = options
  const { kind = { type: 'order.placed', body: order }, seen = () => {} } = options
  const ids = new Map<string, string>()
  const refusals = new Map<string, number>()
  let next = 0
  let finished = false
  const sender = async () => {
    while (!finished) {
      const orderId = `${prefix}-${next++}`
      const giveUpAt = performance.now() + patienceMs
      ids.set(orderId, await sendUntilAccepted(url, { subject: orderId, kind, seen }, { giveUpAt, refusals }))
    }
  }
  const all = Promise.all(Array.from({ length: senders }, sender))
  // Told by finish(); until somebody asks, a failure must not end the test process.
  all.catch(() => {})
  const finish = async () => {
    finished = true
    await all
    return ids
  }
  return { finish, accepted: () => ids.size, refusals }
}

/** What is sent, and who hears of it. */
export interface Sending {
  readonly subject: string
  readonly kind: Pick<Kind, 'type' | 'body'>
  readonly seen: (answered: Answered) => void
}

async function sendUntilAccepted(
  url: () => string,
  sending: Sending,
  { giveUpAt, refusals }: { readonly giveUpAt: number; readonly refusals: Map<string, number> },
): Promise<string> {
  while (performance.now() < giveUpAt) {
    const answer = await sendOnce(url(), sending)
    if (answer?.status === 202) return String(answer.body['id'])
    const refusal = outcomeOf(answer)
    refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
    await wait(50)
  }
  throw new Error(`${sending.subject} was not accepted in time`)
}

function outcomeOf(answer: Answer | undefined): string {
  const { outcome } = (answer?.body ?? {}) as { outcome?: string }
  return outcome ?? String(answer?.status ?? 'none')
}

/** One attempt, its subject the idempotency key; undefined when no answer came. */
export async function sendOnce(url: string, { subject, kind, seen }: Sending): Promise<Answer | undefined> {
  const sentAt = new Date().toISOString()
  const data = kind.body(subject)
  const answer = await post(`${url}/messages/${kind.type}`, data, { 'idempotency-key': subject }).catch(() => undefined)
  const { outcome, id } = (answer?.body ?? {}) as { outcome?: string; id?: string }
  const facts = { ...(outcome !== undefined && { outcome }), ...(id !== undefined && { id }) }
  seen({ subject, body: JSON.stringify(data), status: answer?.status ?? 'no answer', ...facts, sentAt })
  return answer
}
