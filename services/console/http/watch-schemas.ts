import type { FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { lineMedia } from '../../../shared/runtime/line-answer'
import { problem } from '../../../shared/runtime/problem-schema'

const object = (description: string) => ({ description, type: 'object' })

const refusals = {
  401: problem('CONSOLE_API_KEYS or CONSOLE_READ_KEYS is set, and the request bears no valid key.'),
  422: problem('"errors" or the detail says what is wrong.'),
}
const away = { 503: problem('No producer answers; nothing was sent.') }

function described(operationId: string, summary: string, tag: string): FastifySchema {
  return { operationId, summary, tags: [tag] }
}

export const messagesSchema = (querystring: TSchema): FastifySchema => ({
  ...described('list_messages', 'Messages that a filter lets through, the newest first', 'messages'),
  description: 'Of those that the console has in memory: the newest CONSOLE_MESSAGES of the last day.',
  querystring,
  response: { 200: object('A page of rows; "next" leads to the one behind it.'), ...refusals },
})

export const messageSchema: FastifySchema = {
  ...described('get_message', "A message's state and steps", 'messages'),
  description: "The producer's answer; while that does not answer, what the console has in memory.",
  response: {
    200: object('As GET /messages/ID of the producer.'),
    401: refusals[401],
    404: problem('Nobody knows such a message.'),
    409: problem('Several sources have a message with this id; name one by ?source=.'),
    503: problem('No producer answers, and the console has no such message in memory.'),
  },
}

export const contentSchema = (querystring: TSchema): FastifySchema => ({
  ...described('get_message_content', 'What a message carried', 'messages'),
  description:
    'As far as the journal keeps that: JOURNAL_DATA_BYTES and JOURNAL_REDACT. "state" is kept, left out or unknown, and "because" says why.',
  querystring,
  response: { 200: object('Data and attributes, and what the schema finds wrong with them.'), ...refusals },
})

export const sendSchema: FastifySchema = {
  ...described('send_message', 'Sends a message by the producer', 'messages'),
  description: 'With the headers that POST /messages/TYPE of the producer takes. Its answer is passed back as it came.',
  response: { 202: object('The broker or the spool has it.'), 401: refusals[401], 422: refusals[422], ...away },
}

export const sendBatchSchema: FastifySchema = {
  ...described('send_messages', 'Sends CloudEvents by the producer, one or many', 'messages'),
  response: {
    200: { description: 'One outcome on each line.', content: { [lineMedia]: { schema: { type: 'string' } } } },
    202: object('Of a single event.'),
    401: refusals[401],
    ...away,
  },
}

export const numbersSchema = (querystring: TSchema): FastifySchema => ({
  ...described('get_numbers', 'Rates, times and errors of the time up to now', 'numbers'),
  description: 'Each is explained in docs/reference/numbers.md.',
  querystring,
  response: { 200: object('Series of buckets, and the whole.'), ...refusals },
})

export const systemSchema: FastifySchema = {
  ...described('get_system', 'Services, queues, and what waits, now', 'numbers'),
  response: { 200: object('What is seen of the system.'), 401: refusals[401] },
}

export const liveSchema = (querystring: TSchema): FastifySchema => ({
  ...described('live', 'What changes, as server-sent events', 'numbers'),
  description: 'At most four events a second. Send the id of the last one as Last-Event-ID, and it goes on from there.',
  querystring,
  response: {
    200: { description: 'Frames.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...refusals,
  },
})

export const accessSchema: FastifySchema = {
  ...described('get_access', 'What the caller may do', 'numbers'),
  response: {
    200: object('"rights" is all or look; "by" the name of his key, where there are keys.'),
    401: refusals[401],
  },
}

export const contractsSchema: FastifySchema = {
  ...described('list_contracts', 'What may be said, and who takes it', 'contracts'),
  response: { 200: object('Each message type with its schema.'), 401: refusals[401] },
}

export const checkDataSchema: FastifySchema = {
  ...described('check_data', 'What is wrong with data for a message type', 'contracts'),
  description: 'As the producer would find it; nothing is sent.',
  response: {
    200: object('"errors", each with the JSON Pointer of what is wrong; empty when nothing is.'),
    401: refusals[401],
    404: problem('There is no such message type.'),
  },
}

export const documentSchema = (name: 'asyncapi' | 'openapi'): FastifySchema => ({
  ...described(`get_${name}`, `The producer's ${name === 'asyncapi' ? 'AsyncAPI' : 'OpenAPI'} document`, 'contracts'),
  response: { 200: object('As the producer gives it out.'), 401: refusals[401], ...away },
})

const unreached = { 401: refusals[401], 503: problem('The broker cannot be looked at; "reason" says why.') }

export const topologySchema: FastifySchema = {
  ...described('get_topology', 'What stands at the broker, against what is declared', 'topology'),
  description:
    'By the comparison of `npx handoff topology plan`. Looked at once in four seconds for all who ask. "unseen" says what is hidden while the management interface does not answer. "rates" are messages a second: by the broker\'s counters between looks, or by the journal where "rates.by" is "records".',
  response: { 200: object('Nodes, and the edges between them.'), ...unreached },
}

export const topologyRouteSchema = (querystring: TSchema): FastifySchema => ({
  ...described('get_topology_route', 'Where a message would go that is published with a key', 'topology'),
  description: 'Nothing is published to find out.',
  querystring,
  response: { 200: object('The queues, and the way to them.'), 422: refusals[422], ...unreached },
})
