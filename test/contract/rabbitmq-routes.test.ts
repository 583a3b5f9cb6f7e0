/** What an explanation says of the broker's part, held against the broker. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { Type } from 'typebox'
import { group, type Group } from '../../shared/messages/group'
import { command, event, type MessageType } from '../../shared/messages/message'
import { matching, rule } from '../../shared/messages/rule'
import { declaredWays } from '../../shared/messaging/open-broker-objects'
import { explainRoute } from '../../shared/operations/explain-route'
import { groupTopologies } from '../../shared/operations/group-topology'
import { Routing } from '../../shared/routing/routing'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { openRabbitmq } from './open-rabbitmq'
import { envelopeOf } from './transport-fixtures'

const broker = useBroker()

/** Types of few words, so that patterns often fit. */
const words = ['a', 'b', 'c']
const schema = Type.Object({ n: Type.Integer() })
const names = words.flatMap((one) => [one, ...words.map((other) => `${one}.${other}`), `${one}.a.b`])
/** Every other one is kept in order where it has a key. */
const events = names.map((name, at) =>
  event(name, schema, { description: name, examples: [], partitions: at % 2 === 0 ? 0 : 3 }),
)
const asked = command('do.it', schema)
const unheard = command('do.nothing', schema)
const catalogue: readonly MessageType[] = [...events, asked, unheard]

const patterns = fc
  .array(fc.constantFrom(...words, '*', '#'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'))
  .filter((pattern) => fits(pattern).length > 0)
const takes = fc.record({
  pattern: patterns,
  when: fc.option(fc.integer({ min: 0, max: 9 }).map((n) => `event.data.n >= ${n}`)),
})

function fits(pattern: string): readonly MessageType[] {
  try {
    return matching(pattern, catalogue)
  } catch {
    return []
  }
}

/** A group by whole types, or by a rule over them; one of them takes the command. */
function groupOf(name: string, { pattern, when }: { pattern: string; when: string | null }, at: number): Group {
  const types = matching(pattern, catalogue)
  const entries = when === null ? types : [rule('the one', types, { when })]
  return group(name, at === 0 ? [...entries, asked] : entries)
}

test('the queues that an explanation names are those that receive', async () => {
  const drawn = fc.array(takes, { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(drawn, fc.option(fc.string({ minLength: 1, maxLength: 9 })), async (each, key) => {
      const namespace = `r${randomUUID().slice(0, 8)}`
      const groups = each.map((one, at) => groupOf(`g${at}`, one, at))
      const topologies = groupTopologies(groups)
      const { transport } = await openRabbitmq(broker.url, topologies, { namespace })
      const ways = declaredWays({ url: broker.url, namespace, groups: topologies })
      const parts = { ways, groups, routing: new Routing(groups), now: Date.now }
      const predicted: string[] = []
      for (const type of catalogue) {
        const extensions = key === null ? {} : { partitionkey: key }
        const envelope = envelopeOf(type.name, { data: Buffer.from('{"n":5}'), extensions })
        const { queues, routingKey } = explainRoute(type, { ...envelope, data: { n: 5 } }, parts)
        predicted.push(...queues.map((queue) => `${queue} ${routingKey}`))
        const { outcome } = await transport.publish(envelope, { kind: type.kind })
        expect({ type: type.name, outcome }).toEqual({
          type: type.name,
          outcome: queues.length === 0 ? 'unroutable' : 'confirmed',
        })
      }
      const raw = await connectRaw(broker.url)
      const received = await receivedIn(
        [...[...ways.queuesOf.values()].flat(), `${namespace}.unrouted.v1`],
        predicted.length,
        raw,
      )
      expect(received.sort()).toEqual(predicted.sort())
      await transport.close()
    }),
    { numRuns: howMany({ sampled: 5, long: 100 }) },
  )
}, 600_000)

async function receivedIn(queues: readonly string[], count: number, raw: RawClient): Promise<string[]> {
  const received: string[] = []
  // Nothing can be got by hand from a queue that has one consumer at a time.
  for (const queue of queues)
    await raw.channel.consume(
      queue,
      (message) => message !== null && received.push(`${queue} ${message.fields.routingKey}`),
    )
  await eventually('all that was sent is received', () => received.length >= count)
  return received
}
