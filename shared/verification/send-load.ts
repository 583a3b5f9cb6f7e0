import { setTimeout as pause } from 'node:timers/promises'
import type { Attempt } from './attempt'
import type { History } from './history'

/** One message to be sent: an attempt before it has an answer. */
export interface Parcel extends Pick<Attempt, 'subject' | 'bodyHash' | 'expected'> {
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly outcome?: string
  readonly id?: string
  /** What a person is told when it is a refusal. */
  readonly detail: string
}

export interface Load<P extends Parcel = Parcel> {
  /** The message with this sequence number, from 0. */
  readonly parcel: (sequence: number) => P
  /** Sends one request with the parcel's subject as idempotency key; rejects when no answer comes. */
  readonly post: (parcel: P) => Promise<Answer>
  /** Asked before each new message, with how many have begun, and for how many of them patience has ended. */
  readonly goOn: (begun: number, inVain: number) => boolean
  /** Asked before that; resolves when the receiver has room for one more, or at the signal; at once by default. */
  readonly room?: (signal: AbortSignal) => Promise<void>
  /** How many messages may be under way at once. Default 20. */
  readonly senders?: number
  /** New messages in a second, at most; repeats are not counted. */
  readonly perSecond: number
  readonly history: Pick<History, 'write'>
  /** Hears of a message at its first attempt, and when it is accepted. */
  readonly seen: (what: 'sent' | 'accepted', parcel: P, answer?: Answer) => void
  /** How long a message is repeated, in milliseconds. */
  readonly patienceMs: number
  /** Ends the sending where it is. */
  readonly signal?: AbortSignal
}

/** Messages that were not accepted for as long as patience lasted. */
export interface SentInVain {
  readonly count: number
  /** What the last attempt of one of them was told; undefined when it had no answer. */
  readonly last?: Answer
}

const usualSenders = 20
/** As much as this behind its rate may be caught up with; what was held longer is not made good by a flood. */
const catchUpMs = 1_000
const repeatAfterMs = 100

/**
 * Sends messages, several at once, each repeated with the same key until it is accepted or patience ends; resolves
 * with those that never were. Rejects when an answer says that no repeat can help.
 */
export async function sendLoad<P extends Parcel>(load: Load<P>): Promise<SentInVain> {
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, ...(load.signal === undefined ? [] : [load.signal])])
  const turn = turnsAt(load.perSecond, signal)
  let begun = 0
  let inVain: SentInVain = { count: 0 }
  const sender = async () => {
    for (;;) {
      await load.room?.(signal)
      if (signal.aborted || !load.goOn(begun, inVain.count)) return
      const sequence = begun++
      await turn()
      if (signal.aborted) return
      const end = await sendUntilAccepted({ ...load, signal }, load.parcel(sequence))
      if (end.kind === 'in vain') inVain = { count: inVain.count + 1, ...(end.last && { last: end.last }) }
    }
  }
  // Each is waited for, however it ends: nothing may be sent, or written into the history, any more when this settles.
  const senders = Array.from({ length: load.senders ?? usualSenders }, sender)
  await Promise.all(senders.map((each) => each.catch((error: unknown) => failed.abort(error))))
  failed.signal.throwIfAborted()
  return inVain
}

/** Each call resolves at its time in the rate, or at the signal. */
function turnsAt(perSecond: number, signal: AbortSignal): () => Promise<void> {
  let dueAt = performance.now()
  return async () => {
    const now = performance.now()
    const waitMs = dueAt - now
    dueAt = Math.max(dueAt, now - catchUpMs) + 1_000 / perSecond
    // A timer takes a millisecond at least.
    if (waitMs >= 1) await pause(waitMs, undefined, { signal }).catch(() => {})
  }
}

type SendingEnd =
  { readonly kind: 'accepted' | 'stopped' } | { readonly kind: 'in vain'; readonly last: Answer | undefined }

async function sendUntilAccepted<P extends Parcel>(load: Load<P>, parcel: P): Promise<SendingEnd> {
  load.seen('sent', parcel)
  const giveUpAt = performance.now() + load.patienceMs
  let last: Answer | undefined
  while (performance.now() < giveUpAt) {
    if (load.signal?.aborted) return { kind: 'stopped' }
    last = await attempt(load, parcel)
    if (last?.status === 202) {
      load.seen('accepted', parcel, last)
      return { kind: 'accepted' }
    }
    if (last !== undefined && isFinal(last)) throw new Error(`the producer refuses the messages: ${last.detail}`)
    await pause(repeatAfterMs)
  }
  return { kind: 'in vain', last }
}

async function attempt<P extends Parcel>({ post, history }: Load<P>, parcel: P): Promise<Answer | undefined> {
  const { subject, bodyHash, expected } = parcel
  const sentAt = new Date().toISOString()
  const answer = await post(parcel).catch(() => undefined)
  const { status = 'no answer', outcome, id } = answer ?? {}
  const told = { ...(outcome !== undefined && { outcome }), ...(id !== undefined && { id }) }
  const answeredAt = new Date().toISOString()
  await history.write({ subject, bodyHash, expected, status, ...told, sentAt, answeredAt })
  return answer
}

/** The same request will be refused for ever. 409 is one that is under way, 429 a rate. */
function isFinal({ status }: Answer): boolean {
  return status >= 400 && status < 500 && status !== 409 && status !== 429
}
