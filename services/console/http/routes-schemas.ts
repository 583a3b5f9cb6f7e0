import type { FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { problem } from '../../../shared/runtime/problem-schema'

const object = (description: string) => ({ description, type: 'object' })
const keyWanted = { 401: problem('CONSOLE_API_KEYS is set, and the request bears no valid key.') }
const notTaken = { 422: problem('"errors" says what is wrong with the request, "mistakes" what with the rules.') }

function described(operationId: string, summary: string, description: string): FastifySchema {
  return { operationId, summary, description, tags: ['routes'] }
}

export const routesSchema: FastifySchema = {
  ...described(
    'get_routes',
    'The routing rules in effect, and who goes by them',
    'Those of the routes file, with what is wrong with it as it is now, and those of groups.',
  ),
  response: { 200: object('The file, its rules, those of each group, and each service.'), ...keyWanted },
}

export const explainSchema = (body: TSchema): FastifySchema => ({
  ...described(
    'explain_route',
    'Where an event would go, and by which rules',
    'By the rules in effect, or by those that are given. Publishes nothing.',
  ),
  body,
  response: {
    200: object('As POST /routes/explain of the producer.'),
    400: problem('It is no event; the detail says why.'),
    ...keyWanted,
    404: problem('There is no such message type.'),
    ...notTaken,
  },
})

export const whatIfSchema = (body: TSchema): FastifySchema => ({
  ...described(
    'what_if_routes',
    'Which past messages would have gone elsewhere by other rules',
    'Asks the rules in effect and those that are given about the newest messages in memory. Changes nothing.',
  ),
  body,
  response: {
    200: object('How many would change hands and how; the newest 500 of them; how many cannot be told, and why.'),
    ...keyWanted,
    ...notTaken,
    429: problem('Somebody else tries rules in this moment.'),
  },
})
