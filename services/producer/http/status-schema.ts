import type { FastifySchema } from 'fastify'
import { stepKinds } from '../../../shared/journal/step'
import { problem } from '../../../shared/runtime/problem-schema'

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const links = { type: 'object', required: ['self'], properties: { self: { type: 'string', format: 'uri-reference' } } }
const state = { enum: stepKinds.filter((kind) => kind !== 'failed') }

const relatives = (description: string) => ({
  description,
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'source', 'type', 'state', 'links'],
    properties: { id: text, source: text, type: text, state, links },
  },
})

const step = {
  type: 'object',
  required: ['step', 'at'],
  properties: {
    step: { enum: stepKinds },
    at: { type: 'string', format: 'date-time' },
    group: text,
    attempt: { ...count, description: 'The first is 1.' },
    replays: {
      ...count,
      description: 'How often the message had been replayed by then; missing before the first time.',
    },
    groups: { type: 'array', items: text, description: 'Of routed and delayed: the groups that take it.' },
    rule: { type: 'string', description: 'Of dropped: the rule of the routes file that wants it nowhere.' },
    reason: text,
    error: text,
    afterMs: { ...count, description: 'Of waiting: until the next attempt, in milliseconds.' },
    until: { type: 'string', format: 'date-time', description: 'Of delayed: when it is due.' },
    effect: { enum: ['duplicate'], description: 'Of processed: its effect had been applied before.' },
    by: text,
    why: text,
  },
}

const status = {
  description: 'What is known of the message.',
  type: 'object',
  required: ['id', 'source', 'type', 'state', 'groups', 'timeline', 'children', 'related', 'links'],
  properties: {
    id: text,
    source: text,
    type: text,
    correlationId: { type: 'string', description: 'The first message of the whole that this one belongs to.' },
    causationId: { type: 'string', description: 'The message that this one followed from.' },
    state,
    groups: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'state', 'attempt', 'replays'],
        properties: {
          name: text,
          state: {
            enum: [
              'routed',
              'delivered',
              'waiting',
              'processed',
              'filtered',
              'dead',
              'replayed',
              'discarded',
              'cancelled',
            ],
          },
          attempt: count,
          replays: count,
        },
      },
    },
    timeline: { type: 'array', items: step },
    children: relatives('Messages that followed from it, at most 100.'),
    related: relatives('Other messages of the same whole, at most 100.'),
    links,
  },
}

/** Which of the messages with one id. */
export const whichSchema = {
  type: 'object',
  properties: { source: { type: 'string', description: 'Which one is meant, where several sources use the id.' } },
}

/** The documents' view of a message's state. */
export const statusSchema: FastifySchema = {
  operationId: 'get_message',
  summary: "A message's state and steps",
  description: 'Read from the journal, which is up to date within a second and keeps a message for seven days.',
  tags: ['messages'],
  querystring: whichSchema,
  response: {
    200: status,
    404: problem('The journal has no such message.'),
    409: problem('Several sources have a message with this id; name one by ?source=.'),
    503: problem('The journal cannot be read now; repeat after Retry-After.'),
  },
}
