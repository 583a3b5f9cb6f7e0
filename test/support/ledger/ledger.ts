import { sendOnce, sendOrders, type Load, type LoadOptions } from '../../e2e/load'
import { expectNothingLeft } from '../../e2e/effects'
import type { Answer, Pair } from '../../e2e/pair'
import { connectRaw, type RawClient } from '../amqp-client'
import type { TestBroker } from '../broker'
import { eventually } from '../eventually'
import { History, type Answered } from './history'
import { honest, judge, type DeadLetter, type Found, type Verdict } from '../../../shared/verification/judge'
import { effectsOf, hashOf, orders, type Kind } from './kinds'

/** What clients were told in a run, and what became of it. */
export interface Ledger {
  /** Load whose every attempt is written into the history; `prefix` keeps the subjects of several loads apart. */
  readonly send: (url: () => string, prefix: string, options?: SendOptions) => Load
  /** One attempt that is written into the history; the subject is its idempotency key. */
  readonly attempt: (url: string, subject: string, kind?: Kind) => Promise<Answer | undefined>
  /** For a message that came by another way than the load's. */
  readonly write: (answered: Answered, kind?: Kind) => void
  /** Holds the history against the database and the dead letters now, with this many messages in queues. */
  readonly judge: (queued?: number) => Promise<Verdict>
  /** Waits until everything accepted is done or parked; holds that the run is honest so far. */
  readonly expectSettled: () => Promise<void>
  /** The same, and that no queue holds anything any more: what is on its way could still become a second effect. */
  readonly expectHonest: () => Promise<void>
}

export interface SendOptions extends Pick<LoadOptions, 'senders' | 'patienceMs'> {
  /** Orders by default. */
  readonly kind?: Kind
}

const stuckAfterMs = 60_000

/** Follows the messages of one namespace and store. */
export async function startLedger(
  broker: Pick<TestBroker, 'url' | 'management'>,
  pair: Pick<Pair, 'namespace' | 'rows'>,
): Promise<Ledger> {
  const history = await History.start()
  const takeDeadLetters = deadLetters(broker.url, pair.namespace)
  const parked: DeadLetter[] = []
  const write: Ledger['write'] = (answered, kind = orders) => history.write(kind, answered)
  const judgeNow: Ledger['judge'] = async (queued = 0) => {
    parked.push(...(await takeDeadLetters()))
    return judge(history.read(), { effects: await effects(pair.rows), parked, queued })
  }
  const expectSettled = async () => {
    // As long as fewer are missing each time: how many wait, and how slow the machine is, says nothing about loss.
    for (let missing = Infinity; missing > 0;) {
      const fewer = await fewerThan(missing, async () => (await judgeNow()).lost.length)
      if (fewer === undefined) break
      missing = fewer
    }
    expect(await judgeNow()).toEqual(honest)
  }
  return {
    send: (url, prefix, { kind = orders, ...options } = {}) =>
      sendOrders(url, prefix, { ...options, kind, seen: (answered) => write(answered, kind) }),
    attempt: (url, subject, kind = orders) =>
      sendOnce(url, { subject, kind, seen: (answered) => write(answered, kind) }),
    write,
    judge: judgeNow,
    expectSettled,
    expectHonest: async () => {
      await expectSettled()
      await expectNothingLeft(broker.management, pair)
      expect(await judgeNow()).toEqual(honest)
    },
  }
}

/** The count once it is below what it was; nothing where it stays. The verdict tells what is missing, better than the wait could. */
async function fewerThan(before: number, count: () => Promise<number>): Promise<number | undefined> {
  const fewer = async () => {
    const now = await count()
    return now < before && { now }
  }
  const answer = await eventually('fewer are missing', fewer, { withinMs: stuckAfterMs }).catch(() => undefined)
  return answer?.now
}

async function effects(rows: Pair['rows']): Promise<Found['effects']> {
  const groups = Object.entries(effectsOf).map(async ([group, sql]) =>
    (await rows(sql)).map(({ subject, message_id: messageId, fact_1, fact_2 }) => ({
      group,
      subject: String(subject),
      messageId: String(messageId),
      factsHash: hashOf([fact_1, fact_2].filter((fact) => fact !== undefined)),
    })),
  )
  return (await Promise.all(groups)).flat()
}

/** Takes what has been parked since the last call; connects again where the broker was away meanwhile. */
function deadLetters(url: string, namespace: string): () => Promise<DeadLetter[]> {
  let client: Promise<RawClient> | undefined
  const take = async () => {
    client ??= connectRaw(url)
    const letters: DeadLetter[] = []
    for (const group of Object.keys(effectsOf))
      for (const { content } of await (await client).getAll(`${namespace}.${group}.dead.v1`)) {
        const { orderId, paymentId } = JSON.parse(content.toString()) as Record<string, unknown>
        letters.push({ group, subject: String(orderId ?? paymentId), bodyHash: hashOf(content.toString()) })
      }
    return letters
  }
  return () =>
    take().catch(() => {
      client = undefined
      return take()
    })
}
