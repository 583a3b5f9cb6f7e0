/** What an explanation says of the broker's part, held against the broker. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { Type } from 'typebox'
import { byRoute } from '../../shared/messages/by-route'
import { group, type Group } from '../../shared/messages/group'
import { command, event, type MessageType } from '../../shared/messages/message'
import { matching, rule } from '../../shared/messages/rule'
import { declaredWays } from '../../shared/messaging/open-broker-objects'
import { explainRoute } from '../../shared/operations/explain-route'
import { groupTopologies } from '../../shared/operations/group-topology'
import { routedPublishing } from '../../shared/operations/routes/routed-publishing'
import { readRoutes } from '../../shared/routing/routes/read-routes'
import { RouteSet } from '../../shared/routing/routes/route-set'
import { Routing } from '../../shared/routing/routing'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { openRabbitmq } from './open-rabbitmq'
import { envelopeOf } from './transport-fixtures'

const broker = useBroker()
const journal = { note: () => {} }

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

const keys = fc.option(fc.string({ minLength: 1, maxLength: 9 }))
/** As a message bears it, also one that is none: no door stands before this. */
const priorities = fc.option(fc.constantFrom(...'0123456789', '10', 'high'))

/** Rules of a routes file: some act, some do not, and what they come to is what the explanation says. */
const fileRules = fc.array(
  fc.record({
    match: patterns,
    least: fc.integer({ min: 0, max: 9 }),
    action: fc.constantFrom('route', 'copy', 'drop', 'key', 'priority'),
    priority: fc.integer({ min: 0, max: 9 }),
    groups: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 4 },
)

/** Each group takes every event by route where it does not anyway, so that any may be named. */
function routesOf(
  rules: typeof fileRules extends fc.Arbitrary<infer T> ? T : never,
  groups: readonly Group[],
): RouteSet {
  const lines = rules.map(({ match, least, action, priority, groups: chosen }, at) => {
    const names = chosen.map((each) => `g${each % groups.length}`).join()
    const does = {
      route: `route: [${names}]`,
      copy: `copy: [${names}]`,
      drop: 'drop: true',
      key: 'key: event.id',
      priority: `priority: ${priority}`,
    }[action]
    return `  - { name: rule ${at}, match: "${match}", when: event.data.n >= ${least}, ${does} }`
  })
  const text = lines.length === 0 ? 'version: 1\nrules: []' : `version: 1\nrules:\n${lines.join('\n')}`
  const read = readRoutes(text, { catalogue, groups })
  if (read.kind === 'mistakes') throw new Error(`${text}\n${JSON.stringify(read.mistakes)}`)
  return new RouteSet(read.rules, text)
}

/** A group by whole types, or by a rule over them; one of them takes the command. */
function groupOf(name: string, { pattern, when }: { pattern: string; when: string | null }, at: number): Group {
  const types = matching(pattern, catalogue)
  const entries = when === null ? types : [rule('the one', types, { when })]
  const others = events.filter((type) => !types.includes(type)).map(byRoute)
  return group(name, [...entries, ...others, ...(at === 0 ? [asked] : [])])
}

test('the queues that an explanation names are those that receive', async () => {
  const drawn = fc.array(takes, { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(drawn, fileRules, keys, priorities, async (each, rules, key, priority) => {
      const namespace = `r${randomUUID().slice(0, 8)}`
      const groups = each.map((one, at) => groupOf(`g${at}`, one, at))
      const topologies = groupTopologies(groups)
      const { transport } = await openRabbitmq(broker.url, topologies, { namespace })
      const ways = declaredWays({ url: broker.url, namespace, groups: topologies })
      const routes = routesOf(rules, groups)
      const parts = { ways, groups, routing: new Routing(groups), routes, now: Date.now }
      const decided = () => {}
      const publishing = routedPublishing(transport, { current: () => routes, journal, decided, now: Date.now })
      const predicted: string[] = []
      for (const type of catalogue) {
        const extensions = { ...(key !== null && { partitionkey: key }), ...(priority !== null && { priority }) }
        const envelope = envelopeOf(type.name, { data: Buffer.from('{"n":5}'), extensions })
        const { queues, droppedBy } = explainRoute(type, { ...envelope, data: { n: 5 } }, parts)
        predicted.push(...queues.map((queue) => `${queue} ${type.name}`))
        const { outcome } = await publishing.publish(envelope, { kind: type.kind })
        expect({ type: type.name, outcome }).toEqual({
          type: type.name,
          outcome: droppedBy !== undefined ? 'dropped' : queues.length === 0 ? 'unroutable' : 'confirmed',
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
      // With the thousands of a long run it gets too slow to answer.
      const queues = ways.objects.filter(({ kind }) => kind === 'queue')
      for (const { name } of queues) await raw.channel.deleteQueue(name)
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
      (message) => message !== null && received.push(`${queue} ${String(message.properties.type)}`),
    )
  await eventually('all that was sent is received', () => received.length >= count)
  return received
}
