import { replyExtensions, type Reply } from '../../shared/messaging/reply-line'
import type { Delivery, Verdict } from '../../shared/messaging/transport'

/** 256 KiB of JSON: a larger result belongs into a store, and its place into the result. */
const mostResultBytes = 262_144
const mostOfADetail = 2_000

/** A reply, where it goes, and what kept a result from being told. */
export interface Addressed {
  readonly address: string
  readonly reply: Reply
  readonly fault: Error | undefined
}

/** What the asker of a delivery is to hear of its verdict; undefined where nobody asks, or nothing is final yet. */
export function replyOf({ content, group }: Delivery, verdict: Verdict): Addressed | undefined {
  if (content.kind !== 'message') return undefined
  const { id, source, extensions } = content.envelope
  const address = extensions[replyExtensions.address]
  if (address === undefined || (verdict.kind !== 'ack' && verdict.kind !== 'reject')) return undefined
  // Who took it back knows; who waits for it anyway is told that it was accepted, once his time is over.
  if (verdict.kind === 'ack' && verdict.effect === 'cancelled') return undefined
  const token = extensions[replyExtensions.token] ?? ''
  const { fault, ...told } = verdict.kind === 'ack' ? afterAck(verdict) : afterDeath(verdict)
  return { address, reply: { id, source, token, group, ...told }, fault }
}

type Told = Pick<Reply, 'outcome' | 'reason' | 'body' | 'omitted'> & Pick<Addressed, 'fault'>

const nothing = { reason: undefined, body: Buffer.alloc(0), omitted: undefined, fault: undefined } as const

function afterAck({ effect, result }: Extract<Verdict, { kind: 'ack' }>): Told {
  if (effect === 'duplicate' || effect === 'filtered') return { ...nothing, outcome: effect }
  if (result === undefined) return { ...nothing, outcome: 'processed' }
  try {
    const body = jsonOf(result)
    if (body.length > mostResultBytes) return { ...nothing, outcome: 'processed', omitted: 'too_large' }
    return { ...nothing, outcome: 'processed', body }
  } catch (error) {
    return { ...nothing, outcome: 'processed', omitted: 'not_json', fault: error as Error }
  }
}

/** What a handler says in a Reject is meant for who sent the message; the text of any other failure is ours alone. */
function afterDeath({ failure: { reason, message } }: Extract<Verdict, { kind: 'reject' }>): Told {
  const body = reason === 'rejected' ? jsonOf({ detail: message.slice(0, mostOfADetail) }) : nothing.body
  return { ...nothing, outcome: 'dead', reason, body }
}

function jsonOf(value: unknown): Buffer {
  const json = JSON.stringify(value) as string | undefined
  if (json === undefined) throw new TypeError(`a ${typeof value} cannot be written as JSON`)
  return Buffer.from(json)
}
