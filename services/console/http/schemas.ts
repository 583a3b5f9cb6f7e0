import type { FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { problem } from '../../../shared/runtime/problem-schema'
import { lineMedia } from '../../../shared/runtime/line-answer'

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const time = { type: 'string', format: 'date-time' }
const links = { type: 'object', properties: { self: { type: 'string', format: 'uri-reference' } } }
const object = (description: string, properties: object) => ({ description, type: 'object', properties })
const listOf = (properties: object) => ({ type: 'array', items: { type: 'object', properties } })

const seen = {
  enum: ['all', 'up to the limit', 'in part'],
  description:
    'Of those that were ready. In part: some of them went into other hands during the look, or another request here holds further ones.',
}
const looked = { group: text, ready: { ...count, description: 'Those that nobody held when the look began.' }, seen }

const facts = {
  id: text,
  source: text,
  type: text,
  reason: text,
  error: text,
  signature: text,
  attempts: count,
  replays: count,
  firstSeen: time,
  deadAt: time,
  route: text,
  contentType: text,
}

const refusals = {
  401: problem('CONSOLE_API_KEYS or CONSOLE_READ_KEYS is set, and the request bears no valid key.'),
  404: problem('There is no such group or dead letter.'),
  422: problem('"errors" or the detail says what is wrong; nothing was touched.'),
  503: problem(
    'The dead letters cannot be reached; "reason" says why. Every letter is where it was, unless it says otherwise.',
  ),
}

const lines = (description: string) => ({ description, content: { [lineMedia]: { schema: { type: 'string' } } } })

function described(operationId: string, summary: string): FastifySchema {
  return { operationId, summary, tags: ['dead letters'] }
}

export const groupsSchema: FastifySchema = {
  ...described('list_groups', 'Each group with the number of its dead letters'),
  response: {
    200: object('The groups; what somebody holds in this moment is not counted.', {
      groups: listOf({ name: text, ready: count, links }),
    }),
    503: refusals[503],
  },
}

export const listSchema = (querystring: TSchema): FastifySchema => ({
  ...described('list_dead_letters', "A group's dead letters, oldest first"),
  querystring,
  response: {
    200: object('Without bodies, headers and stacks.', { ...looked, letters: listOf({ ...facts, links }) }),
    ...refusals,
  },
})

export const failuresSchema = (querystring: TSchema): FastifySchema => ({
  ...described('list_failures', 'What dead letters died of, the most frequent first'),
  querystring,
  response: {
    200: object('Errors that differ only in numbers, ids and what stands in quotes are one kind.', {
      ...looked,
      selected: count,
      deaths: {
        type: 'object',
        description: 'The time of the "deaths" of each: where it begins, and how long each of its pieces is.',
        properties: { from: time, pieceSeconds: { type: 'number' } },
      },
      failures: listOf({
        ...{ signature: text, type: text, reason: text, pattern: text, count },
        ...{ firstDeadAt: time, lastDeadAt: time, example: text },
        deaths: { type: 'array', items: count, description: 'How many died in each piece of the time.' },
      }),
    }),
    ...refusals,
  },
})

export const letterSchema: FastifySchema = {
  ...described('get_dead_letter', 'Everything about a dead letter'),
  response: {
    200: object('One, or several where copies or messages of other sources bear the same id.', {
      group: text,
      letters: listOf({
        ...facts,
        stack: text,
        properties: { type: 'object' },
        headers: { type: 'object' },
        body: text,
        bodyBase64: { type: 'string', description: 'In place of "body" where that is no text.' },
        data: { type: 'string', description: 'Where the body is a whole CloudEvent: the data in it.' },
        replaysTo: { type: 'string', description: 'The queue to which a replay would bring it.' },
        schemaErrors: listOf({ pointer: text, detail: text }),
      }),
    }),
    ...refusals,
  },
}

export const moveSchema = (action: 'replay' | 'discard', body: TSchema): FastifySchema => ({
  ...described(
    `${action}_dead_letters`,
    action === 'replay' ? 'Has dead letters tried again by their group' : 'Removes dead letters for good',
  ),
  body,
  response: {
    200: lines(
      'One JSON object on each line: "begin", each second "moving", then "end", "stopped" or "failed". With "each": true also "letter" for each, with "outcome": "replayed", "discarded", "gone" (somebody else was quicker, or holds it), "left" (it ended before it), "refused" (with why; it is in its place) or "unknown" (with why).',
    ),
    409: problem('Another number is selected than was expected; nothing was touched.'),
    ...refusals,
  },
})

export const editSchema = (body: TSchema): FastifySchema => ({
  ...described('edit_dead_letter', 'Sends a dead letter with other data, as a new message'),
  body,
  response: {
    200: object('The new message is at the broker, and the letter is removed.', {
      ...{ group: text, id: text, moved: count },
      sentAs: { type: 'string', description: 'The id of the new message.' },
    }),
    409: problem('Somebody else holds the letter, or another number bears its id than was expected; nothing was done.'),
    ...refusals,
  },
})

export const exportSchema = (querystring: TSchema): FastifySchema => ({
  ...described('export_dead_letters', 'Whole dead letters, to be kept'),
  querystring,
  response: {
    200: lines(
      'One letter on each line. Cut off when it did not get all that nobody held at its beginning, or took ten minutes.',
    ),
    ...refusals,
  },
})

export const importSchema = (querystring: TSchema): FastifySchema => ({
  ...described('import_dead_letters', 'Puts exported dead letters back'),
  querystring,
  body: { content: { [lineMedia]: { schema: { type: 'string' } } } },
  response: {
    200: lines('One JSON object for each letter, "imported" or "skipped", then "end", "stopped" or "failed".'),
    413: problem('More than 16 MiB; send it in parts.'),
    ...refusals,
  },
})
