import type { FastifySchema } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { contentTypeOf } from '../../../shared/messages/message'
import { mostDelaySeconds } from '../../../shared/messaging/timing'
import { problem } from '../../../shared/runtime/problem-schema'

const text = { type: 'string' }

const accepted = {
  description: 'The message is on stable storage, or a routing rule drops it.',
  type: 'object',
  required: ['id', 'type', 'outcome', 'links'],
  properties: {
    id: text,
    type: text,
    outcome: { enum: ['confirmed', 'stored', 'dropped'] },
    links: {
      type: 'object',
      required: ['self'],
      properties: { self: { type: 'string', format: 'uri-reference', description: "Where the message's state is." } },
    },
  },
}

const processed = {
  description: 'With Prefer: wait, where it was done in time: what the handlers returned.',
  type: 'object',
  required: ['id', 'type', 'outcome', 'links'],
  properties: {
    ...accepted.properties,
    outcome: { const: 'processed' },
    result: { description: 'Of a command.' },
    results: { type: 'object', description: 'Of an event, by group.' },
    omitted: { description: 'Why a result is not here: too_large or not_json; of an event by group.' },
  },
}

/** What any request to send a message is answered with. */
export const response = {
  202: accepted,
  '4xx': problem('The message was never published; the detail says why.'),
  503: problem('The outcome says whether the message may have been published; repeat after Retry-After.'),
}

const failed = problem('With Prefer: wait: the message was accepted, and is parked; do not send it again.')

const delayHeader = {
  'handoff-delay': {
    type: 'integer',
    minimum: 1,
    maximum: mostDelaySeconds,
    description: 'How many seconds to wait before the message is delivered.',
  },
}

const preferHeader = {
  prefer: {
    type: 'string',
    description: 'wait=10 waits up to 10 seconds (at most 60) for the result, RFC 7240.',
  },
}

const orderingKeyHeader = {
  'handoff-key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description: 'Messages with the same key are handled in the order in which they were accepted.',
  },
}

const priority = {
  type: 'integer',
  minimum: 0,
  maximum: 9,
  description: 'From 0 for what may wait to 9 for what is most urgent; 4 is as good as none.',
}

const priorityHeader = { 'handoff-priority': priority }

const idempotencyKeyHeader = {
  'idempotency-key': {
    type: 'string',
    maxLength: 255,
    description: 'The same key with the same data stands for one message, for 24 hours.',
  },
}

/** Only what is kept in order takes an ordering key. */
function headersOf({ partitions }: MessageType) {
  const all = { ...idempotencyKeyHeader, ...preferHeader, ...delayHeader, ...priorityHeader }
  return { type: 'object', properties: { ...all, ...(partitions > 0 && orderingKeyHeader) } }
}

/** The documents' view of one message type; the data's schema goes in unchanged. */
export function messageSchema(type: MessageType): FastifySchema {
  const media = contentTypeOf(type) === 'text/plain' ? ['application/json', 'text/plain'] : ['application/json']
  const schema = { ...type.schema, examples: type.examples }
  return {
    ...described(`send_${type.name.replaceAll(/[^a-z0-9]/g, '_')}`, `${type.kind} ${type.name}`, type.description),
    body: { content: Object.fromEntries(media.map((each) => [each, { schema }])) },
    headers: headersOf(type),
    response: { 200: processed, ...response, 500: failed },
  }
}

const exampleEvent = {
  specversion: '1.0',
  id: 'greeting-1',
  source: '/readme',
  type: 'hello',
  datacontenttype: 'text/plain',
  data: 'Hello World!',
}

const batchAnswer = {
  description:
    'Of many events, as application/x-ndjson: a line for each, in their order, with its position and what it would have been answered alone.',
  type: 'object',
  required: ['position', 'status'],
  properties: { position: { type: 'integer', minimum: 1 }, status: { type: 'integer' } },
}

const oneOrMany = { description: 'What came of one, with Prefer: wait; or of many.', anyOf: [processed, batchAnswer] }

const cloudEvent = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 255 },
    source: { type: 'string', format: 'uri-reference', minLength: 1 },
    specversion: { const: '1.0' },
    type: { type: 'string', minLength: 1 },
    time: { type: 'string', format: 'date-time' },
    deliverat: {
      type: 'string',
      format: 'date-time',
      description: 'When it is to be delivered, at most 365 days from now; deliverAt is taken as well.',
    },
    expirytime: {
      type: 'string',
      format: 'date-time',
      description: 'From when on it becomes a dead letter, expired, in place of being handled.',
    },
    priority: { anyOf: [priority, { type: 'string', pattern: '^[0-9]$' }], description: priority.description },
    datacontenttype: text,
    data: {},
    data_base64: { type: 'string', contentEncoding: 'base64' },
  },
}

/** The documents' view of a whole CloudEvent, and of many. */
export const eventSchema: FastifySchema = {
  ...described(
    'send_event',
    'Any message as a CloudEvent, or many',
    'Structured mode, or binary mode with ce-* headers; many as lines or as a list, of any length.',
  ),
  body: {
    content: {
      'application/cloudevents+json': { schema: { ...cloudEvent, examples: [exampleEvent] } },
      'application/cloudevents-batch+json': {
        schema: { type: 'array', items: cloudEvent, examples: [[exampleEvent]] },
      },
      'application/x-ndjson': {
        schema: { ...cloudEvent, description: 'Each line is one.', examples: [exampleEvent] },
      },
    },
  },
  headers: { type: 'object', properties: { ...preferHeader, ...delayHeader, ...priorityHeader } },
  response: { ...response, 200: oneOrMany, 500: failed },
}

/** A path with a type that does not exist is no operation of its own. */
export const unknownTypeSchema: FastifySchema = { hide: true }

function described(operationId: string, summary: string, description: string) {
  return { operationId, summary, description, tags: ['messages'] }
}
