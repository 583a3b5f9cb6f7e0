import type { MessageType } from '../../../shared/messages/message'
import { refusedTiming, timeNames } from '../../../shared/messaging/timing'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { keyFault } from '../../../shared/messaging/partition'
import { priorityName } from '../../../shared/messaging/priority'
import type { Accept, Posting } from '../accept'
import { orderingExtension, parseOrderingKey } from '../ordering-key'
import { answerTo, type Accepted, type AcceptResult } from '../outcome'
import { parsePriority, priorityExtension } from '../priority'
import { continueTrace, givenTrace, type Trace, type TraceHeaders } from '../trace'
import { delayExtension } from './delay'
import { checkAttributes, type EventAttributes } from './event-attributes'
import { linksOf } from './message-links'
import { readBody, type MessageBody } from './read-body'
import type { RawEvent } from './read-event'
import type { Begin } from './with-wait'

export interface TakeEventParts {
  readonly catalogue: readonly MessageType[]
  readonly accept: Accept
  /** The `source` of messages that this producer makes of bare data. */
  readonly source: string
}

/** Who sends an event, and how long he waits. */
export interface Sender {
  readonly trace: Trace
  /** On the clock of `performance.now`. */
  readonly answerBy: number
  /** How long the message is to wait that does not say itself when it is due. */
  readonly delaySeconds?: number | undefined
  /** The Handoff-Key header of the request, of an event that came alone. */
  readonly orderingKey?: string | string[] | undefined
  /** Its Handoff-Priority header, likewise. */
  readonly priority?: string | string[] | undefined
  /** Hears which message came of it, and what became of that. */
  readonly heard?: (message: { readonly id: string; readonly type: string }, result?: AcceptResult) => void
  /** Where he would wait for what becomes of it. */
  readonly begin?: Begin | undefined
}

/** Checks an event that was taken apart, and has it accepted; throws, or rejects with, a problem when it is not. */
export function takeEvent(raw: RawEvent, sender: Sender, parts: TakeEventParts): Promise<Accepted> {
  // Apart, so that what the event was read from does not live until the broker has confirmed it.
  return acceptEvent(contentsOf(raw, sender, parts), sender, parts)
}

function contentsOf(raw: RawEvent, sender: Sender, { catalogue }: TakeEventParts): Contents {
  const attributes = checkAttributes(raw.attributes)
  const type = catalogue.find(({ name }) => name === attributes.type)
  if (type === undefined) throw unknownType(attributes.type, catalogue)
  const key = keyOf(sender, attributes, type)
  const { [priorityName]: attribute } = attributes.extensions
  const priority = parsePriority({ header: sender.priority, attribute, key, type })
  const { bytes, contentType } = readBody(type, raw)
  const timely = timed(attributes.extensions, sender.delaySeconds)
  const extensions = { ...timely, ...orderingExtension(key), ...priorityExtension(priority) }
  return { attributes: { ...attributes, extensions }, type, body: { bytes, contentType } }
}

async function acceptEvent(
  contents: Contents,
  sender: Sender,
  { accept, source }: Pick<TakeEventParts, 'accept' | 'source'>,
): Promise<Accepted> {
  const { attributes, type } = contents
  const message = { id: attributes.id, type: type.name }
  sender.heard?.(message)
  const replying = await sender.begin?.({ ...message, source: attributes.source })
  const extensions = { ...attributes.extensions, ...replying }
  const result = await accept(forwarded(sender, { ...contents, attributes: { ...attributes, extensions } }))
  sender.heard?.(message, result)
  return answerTo(result, { ...message, links: linksOf(attributes, source) })
}

interface Contents {
  readonly attributes: EventAttributes
  readonly type: MessageType
  readonly body: Omit<MessageBody, 'data'>
}

function forwarded(sender: Sender, { attributes, type, body }: Contents): Posting {
  const { id, source, time, extensions } = attributes
  return {
    envelope: {
      id,
      source,
      type: type.name,
      time,
      contentType: body.contentType,
      data: body.bytes,
      extensions: { ...extensions, ...traceOf(sender, extensions) },
    },
    route: { kind: type.kind },
    acceptance: type.acceptance,
    answerBy: sender.answerBy,
  }
}

function timed(extensions: EventAttributes['extensions'], delaySeconds?: number): EventAttributes['extensions'] {
  if (delaySeconds !== undefined && extensions[timeNames.due] !== undefined)
    throw new ProblemError(
      'invalid-delay',
      `the event says deliverat ${extensions[timeNames.due]} and the request Handoff-Delay ${delaySeconds}; send one of them`,
    )
  const nowMs = Date.now()
  const all = { ...extensions, ...delayExtension(delaySeconds, nowMs) }
  const refusal = refusedTiming(all, nowMs)
  if (refusal !== undefined) throw new ProblemError('invalid-event', `this event is not taken: ${refusal}`)
  return all
}

/** Of its attribute or of the header; throws a problem for both, and for one that a type that keeps order cannot use. */
function keyOf({ orderingKey }: Sender, { extensions }: EventAttributes, type: MessageType): string | undefined {
  const { partitionkey: own } = extensions
  if (own === undefined) return parseOrderingKey(orderingKey, type)
  if (orderingKey !== undefined) throw twoKeys()
  const fault = type.partitions === 0 ? undefined : keyFault(own)
  if (fault !== undefined) throw new ProblemError('invalid-ordering-key', `the partitionkey cannot be used: ${fault}`)
  return own
}

function twoKeys(): ProblemError {
  return new ProblemError(
    'invalid-ordering-key',
    'the event has a partitionkey and the request a Handoff-Key; send one of them',
  )
}

/** The trace that the event was made in, if it says so; else the one of the request. */
function traceOf({ trace }: Sender, extensions: EventAttributes['extensions']): Record<string, string> {
  const { traceparent: created, tracestate: state } = extensions
  const { traceparent, tracestate } =
    created === undefined ? trace : createdIn(trace, { traceparent: created, tracestate: state })
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}

/** Where there are spans, that of the publish follows from the event's own trace, which the request has a link to. */
function createdIn(trace: Trace, created: TraceHeaders): Trace {
  const { span } = trace
  if (span === undefined) return continueTrace(created)
  const given = givenTrace(created)
  if (given !== undefined) span.link(given)
  return given ?? trace
}

function unknownType(name: string, catalogue: readonly MessageType[]): ProblemError {
  const known = catalogue.map((type) => type.name).join(', ')
  return new ProblemError('unknown-type', `there is no message type "${name}"; there are ${known}`)
}
