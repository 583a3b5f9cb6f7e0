import { predecessorOf } from '../../../shared/messaging/rabbitmq/predecessor'

const groups = [
  { name: 'some', delaysMs: [5_000], routes: [], version: 3 },
  { name: 'some-more', delaysMs: [5_000], routes: [] },
  {
    name: 'ordered',
    delaysMs: [],
    routes: [{ type: 'a', kind: 'event', contentType: 'application/json', partitions: 2 }],
    version: 2,
  } as const,
]
const of = (queue: string) => predecessorOf(queue, 'ns', groups)

test.each([
  ['ns.some.v1', 'work', 'ns.some.v3'],
  ['ns.some.v12', 'work', 'ns.some.v3'],
  ['ns.some.dead.v2', 'dead', 'ns.some.dead.v3'],
  ['ns.some.retry.5s.v2', 'delay', 'ns.some.retry.5s.v3'],
  ['ns.some.retry.1m.v2', 'delay', 'ns.some.v3'],
  ['ns.ordered.key.1.v1', 'work', 'ns.ordered.key.1.v2'],
  ['ns.ordered.key.3.v2', 'work', 'ns.ordered.key.1.v2'],
  ['ns.some.key.0.v3', 'work', 'ns.some.v3'],
  ['ns.some.urgent.v2', 'work', 'ns.some.urgent.v3'],
  ['ns.ordered.low.v1', 'work', 'ns.ordered.low.v2'],
  ['ns.some-more.v2', 'work', 'ns.some-more.v1'],
  ['ns.some-more.retry.1m.v1', 'delay', 'ns.some-more.v1'],
])('%s was the %s of its group, and leads to %s', (queue, place, successor) => {
  expect(of(queue)).toMatchObject({ queue, place, successor })
})

test.each([
  ['what is declared', 'ns.some.v3'],
  ['a declared lane', 'ns.some.urgent.v3'],
  ['a declared partition', 'ns.ordered.key.1.v2'],
  ['the queue of a group that is gone', 'ns.other.v1'],
  ['what is named otherwise', 'ns.some.mine.v1'],
  ['another namespace', 'nsx.some.v1'],
  ['what has no version', 'ns.some'],
])('%s was nothing', (_, queue) => {
  expect(of(queue)).toBeUndefined()
})
