import { Parser } from '@asyncapi/parser'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { Type } from 'typebox'
import { asyncApiOf } from '../../../services/producer/http/asyncapi'
import { group, type Group } from '../../../shared/messages/group'
import { command, event, type MessageType } from '../../../shared/messages/message'
import { rule } from '../../../shared/messages/rule'
import { declaredWays } from '../../../shared/messaging/open-broker-objects'
import { toProperties } from '../../../shared/messaging/rabbitmq/wire'
import { groupTopologies } from '../../../shared/operations/group-topology'
import { openDoor } from './door'

/** What the parser finds wrong, the recommendations of the specification among them. */
async function findings(document: unknown): Promise<readonly string[]> {
  const diagnostics = await new Parser().validate(JSON.stringify(document))
  return diagnostics.map(({ message, path }) => `${path.join('/')}: ${message}`)
}

const facts = (examples: readonly never[]) => ({ description: 'It is described.', examples })
const placed = event('order.placed', Type.Object({ amountCents: Type.Integer() }), facts([]))
const cancelled = event('order.cancelled', Type.Object({ why: Type.String() }), facts([]))
const said = command('line.say', Type.String(), facts([]))
const catalogue: readonly MessageType[] = [placed, cancelled, said]
const groups = [
  group('fraud', [
    cancelled,
    rule('large', [placed], { when: 'event.data.amountCents > 1', attributes: { source: '/a' } }),
  ]),
  group('voice', [said]),
]
const documentOf = (these: readonly Group[]) =>
  asyncApiOf({
    catalogue,
    groups: these,
    ways: declaredWays({ url: 'amqp://unused', namespace: 'ns', groups: groupTopologies(these) }),
  })

test('the running producer tells of its messages in an AsyncAPI document that the parser takes without a word', async () => {
  const { app } = await openDoor()
  const answer = await app.inject('/asyncapi.json')
  expect(answer.headers['content-type']).toContain('application/json')
  expect(await findings(answer.json())).toEqual([])
}, 60_000)

test('so does one with rules, and with events that nobody takes', async () => {
  expect(await findings(documentOf(groups))).toEqual([])
  expect(await findings(documentOf([groups[1] as Group]))).toEqual([])
}, 60_000)

test('the parser would tell of a message that is nowhere', async () => {
  const document = documentOf(groups)
  const { 'order.placed': _, ...messages } = document.components.messages
  expect(await findings({ ...document, components: { messages } })).not.toEqual([])
}, 60_000)

test('each type leads to its exchange, each group to its queue and its rules', () => {
  const { channels, operations } = documentOf(groups) as unknown as Record<string, Record<string, object>>
  expect(channels?.['order.placed']).toMatchObject({
    address: 'order.placed',
    bindings: { amqp: { is: 'routingKey', exchange: { name: 'ns.events.v1', type: 'topic' } } },
  })
  expect(channels?.['line.say']).toMatchObject({ bindings: { amqp: { exchange: { name: 'ns.commands.v1' } } } })
  expect(channels?.['queue_fraud']).toMatchObject({
    address: 'ns.fraud.v1',
    messages: { 'order.placed': {}, 'order.cancelled': {} },
    bindings: { amqp: { is: 'queue', queue: { name: 'ns.fraud.v1' } } },
  })
  expect(operations?.['take_fraud']).toMatchObject({
    action: 'receive',
    'x-takes-every': ['order.cancelled'],
    'x-rules': [
      { name: 'large', types: ['order.placed'], when: 'event.data.amountCents > 1', attributes: { source: '/a' } },
    ],
  })
  expect(operations?.['take_voice']).not.toHaveProperty('x-rules')
})

test('the headers are those that travel', () => {
  const { headers } = documentOf(groups).components.messages['order.placed'] ?? {}
  const validate = addFormats(new Ajv({ strict: false })).compile({ ...headers, additionalProperties: false })
  const extensions = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    correlationid: 'a',
    causationid: 'b',
  }
  const envelope = { id: '1', source: '/s', type: 'order.placed', time: '2026-01-02T03:04:05.678Z', extensions }
  const sent = toProperties({ ...envelope, contentType: 'application/json', data: Buffer.from('{}') }, 'producer')
  expect(validate(sent.headers)).toBe(true)
  expect(validate({ ...sent.headers, cloudEvents_type: 'order.paid' })).toBe(false)
})
