import fc from 'fast-check'
import { levelRoute, levelSeconds, longestSeconds } from '../../../shared/messaging/rabbitmq/delay-levels'
import { planDelay } from '../../../shared/messaging/rabbitmq/delay-plan'
import { planTopology } from '../../../shared/messaging/rabbitmq/topology'
import { fitsTopic } from '../../../shared/messages/topic-pattern'
import { groups } from '../../../shared/messages/groups'
import { groupTopologies } from '../../../shared/operations/group-topology'

const yearSeconds = 365 * 24 * 60 * 60
const plans = [planTopology('ns', groupTopologies(groups)), planDelay('ns')]
const bindings = plans.flatMap((plan) => plan.bindings)
const links = plans.flatMap((plan) => plan.links ?? [])
const levels = new Map(planDelay('ns').queues.map((queue) => [queue.name, queue.arguments]))

interface End {
  readonly waitedMs: number
  readonly queues: readonly string[]
}

/** Follows a message through exchanges and level queues as a broker would, to the queues in which it is delivered. */
function walk(exchange: string, key: string, waitedMs = 0): End {
  const fits = (each: { readonly exchange: string; readonly routingKey: string }) =>
    each.exchange === exchange && fitsTopic(each.routingKey, key)
  const queues = bindings.filter(fits).map(({ queue }) => queue)
  const [next, ...others] = links.filter(fits)
  const level = levels.get(queues[0] ?? '')
  expect(others).toEqual([])
  if (next !== undefined && queues.length === 0) return walk(next.destination, key, waitedMs)
  expect(next).toBeUndefined()
  if (level === undefined) return { waitedMs, queues }
  expect(queues).toHaveLength(1)
  return walk(String(level['x-dead-letter-exchange']), key, waitedMs + Number(level['x-message-ttl']))
}

function walkOf(type: string, delayMs: number) {
  const { level, routingKey } = levelRoute(type, delayMs) ?? { level: NaN, routingKey: '' }
  return walk(`ns.delay.${level}.v1`, routingKey)
}

test('the levels hold more than a year, each for a time that RabbitMQ takes', () => {
  expect(longestSeconds).toBeGreaterThan(366 * 24 * 60 * 60)
  expect(Math.max(...levelSeconds) * 1_000).toBeLessThanOrEqual(4_294_967_295)
})

test('through the declared objects every delay up to a year adds up to itself, and ends where the type is taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: yearSeconds }), (seconds) => {
      expect(walkOf('order.placed', seconds * 1_000)).toEqual({
        waitedMs: seconds * 1_000,
        queues: ['ns.ledger.v1', 'ns.mail.v1'],
      })
      expect(walkOf('payment.capture', seconds * 1_000).queues).toEqual(['ns.payments.v1'])
    }),
    { examples: [[1], [2 ** 22 - 1], [2 ** 22], [2 ** 22 + 1], [yearSeconds]] },
  )
})

test('a part of a second waits a whole one, so that nothing comes early', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: longestSeconds * 1_000 }), (delayMs) => {
      const late = walkOf('hello', delayMs).waitedMs - delayMs
      expect(late).toBeGreaterThanOrEqual(0)
      expect(late).toBeLessThan(1_000)
    }),
  )
})

test('a message begins at the highest level at which it waits', () => {
  expect(levelRoute('t', 1_000)?.level).toBe(0)
  expect(levelRoute('t', 6_000)?.level).toBe(2)
  expect(levelRoute('t', 2 ** 22 * 7 * 1_000)?.level).toBe(28)
})

test('the longest type still makes a routing key that AMQP takes', () => {
  expect(levelRoute('t'.repeat(127), yearSeconds * 1_000)?.routingKey.length).toBeLessThanOrEqual(255)
})

test('what is longer than the levels has no way', () => {
  expect(levelRoute('t', longestSeconds * 1_000)).toBeDefined()
  expect(levelRoute('t', longestSeconds * 1_000 + 1)).toBeUndefined()
})
