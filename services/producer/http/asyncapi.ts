import type { FastifyInstance } from 'fastify'
import type { Group } from '../../../shared/messages/group'
import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import type { DeclaredWays } from '../../../shared/messaging/broker-objects'
import { apiVersion } from '../../../shared/runtime/documents'
import { messageHeaders } from './asyncapi-headers'

export interface AsyncApiParts {
  readonly catalogue: readonly MessageType[]
  readonly groups: readonly Group[]
  readonly ways: DeclaredWays
}

/** `/asyncapi.json`: every message with its way through the broker, for tools that read AsyncAPI. */
export function addAsyncApi(app: FastifyInstance, parts: AsyncApiParts): void {
  const document = asyncApiOf(parts)
  app.get('/asyncapi.json', { schema: { hide: true } }, () => document)
}

/** An AsyncAPI 3.1 document, with AMQP bindings 0.3.0. */
export function asyncApiOf({ catalogue, groups, ways }: AsyncApiParts) {
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Handoff',
      version: apiVersion,
      description:
        'Messages are CloudEvents 1.0 in binary mode: the body is the data, attributes are headers. Whoever publishes does so to the exchange of the kind with the type as routing key, or TYPE.@N for a message with a partitionkey whose type has partitions, else TYPE.@urgent for one with a priority from 5 and TYPE.@low for one up to 3; each group takes from its queue, those of the urgent and the low ones, and its partitions.',
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: '{host}',
        protocol: 'amqp',
        protocolVersion: '0.9.1',
        description: 'RabbitMQ.',
        variables: { host: { default: 'localhost:5672', description: 'As BROKER_URL names it.' } },
      },
    },
    channels: {
      ...Object.fromEntries(catalogue.map((type) => [type.name, routingKey(type, ways)])),
      ...Object.fromEntries(groups.map((group) => [queueId(group), workQueue(group, ways)])),
    },
    operations: {
      ...Object.fromEntries(catalogue.map((type) => [`publish_${type.name}`, publishing(type)])),
      ...Object.fromEntries(groups.map((group) => [`take_${group.name}`, taking(group)])),
    },
    components: { messages: Object.fromEntries(catalogue.map((type) => [type.name, messageOf(type)])) },
  }
}

const bindingVersion = '0.3.0'

// A group may be called as a type is.
function queueId({ name }: Group): string {
  return `queue_${name}`
}

function routingKey(type: MessageType, ways: DeclaredWays) {
  const exchange = { name: ways.exchangeOf[type.kind], type: 'topic', durable: true, autoDelete: false }
  return {
    address: type.name,
    description: type.description,
    messages: refersTo([type]),
    bindings: { amqp: { is: 'routingKey', exchange, bindingVersion } },
  }
}

function workQueue({ name, types }: Group, ways: DeclaredWays) {
  const queue = { name: ways.queuesOf.get(name)?.[0], durable: true, exclusive: false, autoDelete: false }
  return {
    address: queue.name,
    description: `The queue of the group ${name}; each message in it is done by one consumer.`,
    messages: refersTo(types),
    bindings: { amqp: { is: 'queue', queue, bindingVersion } },
  }
}

function publishing({ name, kind }: MessageType) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${name}` },
    summary: `${kind === 'command' ? 'Asks for' : 'Tells of'} ${name}`,
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    bindings: { amqp: { deliveryMode: 2, mandatory: true, bindingVersion } },
  }
}

function taking(group: Group) {
  const { name, types, rules, byRoute } = group
  const whole = types.filter((type) => !byRoute.includes(type) && !rules.some((rule) => rule.types.includes(type)))
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${queueId(group)}` },
    summary: `What the group ${name} does`,
    messages: types.map((type) => ({ $ref: `#/channels/${queueId(group)}/messages/${type.name}` })),
    bindings: { amqp: { ack: true, bindingVersion } },
    ...(byRoute.length > 0 && { 'x-by-route': byRoute.map((type) => type.name) }),
    ...(rules.length > 0 && {
      'x-takes-every': whole.map((type) => type.name),
      'x-rules': rules.map((rule) => ({ ...rule, types: rule.types.map((type) => type.name) })),
    }),
  }
}

function refersTo(types: readonly MessageType[]) {
  return Object.fromEntries(types.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]))
}

function messageOf(type: MessageType) {
  return {
    name: type.name,
    title: type.name,
    summary: type.description,
    contentType: contentTypeOf(type),
    headers: messageHeaders(type.name),
    payload: type.schema,
    correlationId: { location: '$message.header#/cloudEvents_correlationid' },
    examples: type.examples.map((payload) => ({ payload })),
    tags: [{ name: type.kind }],
  }
}
