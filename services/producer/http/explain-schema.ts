import type { FastifySchema } from 'fastify'
import type { MessageType } from '../../../shared/messages/message'
import { actions } from '../../../shared/routing/routes/routes-schema'
import { problem } from '../../../shared/runtime/problem-schema'

const text = { type: 'string' }

const conditions = {
  type: 'array',
  items: {
    type: 'object',
    required: ['condition', 'says', 'because'],
    properties: {
      condition: { type: 'string', description: 'In the words of the rule.' },
      says: {
        enum: ['yes', 'no', 'undecided'],
        description: 'Undecided: it reads what the event has not, so that the rule says no.',
      },
      because: { type: 'string', description: 'What it read of the event.' },
    },
  },
}

const rules = {
  type: 'array',
  items: {
    type: 'object',
    required: ['rule', 'says', 'conditions'],
    properties: { rule: text, says: { enum: ['yes', 'no'] }, conditions },
  },
}

const routeRules = {
  description: 'Rules of the routes file about its type, in their order; missing where there are none.',
  type: 'array',
  items: {
    type: 'object',
    required: ['rule', 'says', 'conditions', 'does'],
    properties: {
      rule: text,
      says: { enum: ['yes', 'no', 'cannot be asked'] },
      conditions,
      because: { type: 'string', description: 'Why it cannot be asked, or what of it is left out.' },
      does: { type: 'array', items: { enum: actions }, description: 'What of it takes effect.' },
    },
  },
}

const explanation = {
  description: 'Where the event would go. Nothing was published.',
  type: 'object',
  required: ['event', 'kind', 'exchange', 'routingKey', 'queues', 'groups'],
  properties: {
    event: {
      type: 'object',
      required: ['id', 'source', 'type'],
      properties: { id: text, source: text, type: text },
    },
    kind: { enum: ['command', 'event'] },
    dueAt: {
      type: 'string',
      format: 'date-time',
      description: 'Until when it waits at the broker; exchange is the one that it comes out of then.',
    },
    exchange: text,
    routingKey: text,
    alternateExchange: { type: 'string', description: 'Through which it goes because no binding wants it.' },
    otherKeys: {
      type: 'array',
      items: text,
      description: 'Further ones of the same publish, by rules of the routes file.',
    },
    droppedBy: { type: 'string', description: 'The rule of the routes file that wants it nowhere.' },
    delaySeconds: {
      type: 'integer',
      description: 'After how long it would be delivered, by a rule of the routes file.',
    },
    partitionKey: { type: 'string', description: 'Its partitionkey, by a rule of the routes file.' },
    priority: {
      type: 'integer',
      minimum: 0,
      maximum: 9,
      description: 'Its priority, by a rule of the routes file.',
    },
    routeRules,
    queues: { type: 'array', items: text },
    groups: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'queue', 'verdict', 'because', 'rules'],
        properties: {
          name: text,
          queue: text,
          verdict: {
            enum: ['takes', 'filters', 'parks'],
            description: 'Parks: a rule cannot be asked about it, and it would become a dead letter.',
          },
          because: text,
          rules,
        },
      },
    },
  },
}

const described: FastifySchema = {
  operationId: 'explain_route',
  summary: 'Where an event would go, and by which rules',
  description: 'Takes a structured CloudEvent, of which type and data are enough. Publishes nothing.',
  tags: ['routes'],
  response: {
    200: explanation,
    '4xx': problem('There is no such event to explain; the detail says why.'),
  },
}

/** The documents' view of an explanation. */
export function explainSchema(catalogue: readonly MessageType[]): FastifySchema {
  return { ...described, body: { content: { 'application/cloudevents+json': { schema: asked(catalogue) } } } }
}

function asked(catalogue: readonly MessageType[]) {
  const shown = catalogue.find(({ kind, examples }) => kind === 'event' && examples.length > 0)
  return {
    type: 'object',
    required: ['type'],
    properties: { type: text, id: text, source: text, time: { type: 'string', format: 'date-time' }, data: {} },
    ...(shown !== undefined && { examples: [{ type: shown.name, data: shown.examples[0] }] }),
  }
}
