import { journaledPublishing } from '../../../shared/journal/journaled-publishing'
import type { Subject } from '../../../shared/journal/journal'
import type { Envelope, PublishOutcome, Route, RouteGroups } from '../../../shared/messaging/transport'

const envelope: Envelope = {
  id: 'm',
  source: '/test',
  type: 'order.placed',
  time: undefined,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  extensions: {},
}
const route = { type: 'order.placed', kind: 'event', contentType: 'application/json' } as const
const topologies = [
  ...['ledger', 'mail'].map((name) => ({ name, routes: [route], delaysMs: [] })),
  { name: 'fraud', routes: [{ ...route, binding: 'none' } as const], delaysMs: [] },
]

interface Said {
  readonly type?: string
  readonly extensions?: Readonly<Record<string, string>>
  readonly groups?: RouteGroups
}

async function told(outcome: PublishOutcome, kind: Route['kind'] = 'event', said: Said = {}) {
  const { type = 'order.placed', extensions = {}, groups } = said
  const notes: unknown[] = []
  const journal = { note: (_: Subject, step: object, last?: 'last') => void notes.push([step, last]) }
  const transport = { publish: () => Promise.resolve({ outcome, detail: 'so' }) }
  const publishing = journaledPublishing(transport, journal, { topologies, last: 'last', now: () => 5 })
  const result = await publishing.publish({ ...envelope, type, extensions }, { kind, ...(groups && { groups }) })
  expect(result).toEqual({ outcome, detail: 'so' })
  return notes
}

const published = [{ kind: 'published', at: 5 }, undefined]

test('tells of what is confirmed that it was published, and who takes it', async () => {
  expect(await told('confirmed')).toEqual([
    published,
    [{ kind: 'routed', facts: { groups: ['ledger', 'mail'] } }, 'last'],
  ])
})

test('tells until when it is delayed, and who will take it', async () => {
  const until = '1970-01-01T00:00:01Z'
  expect(await told('confirmed', 'event', { extensions: { deliverat: until } })).toEqual([
    published,
    [{ kind: 'delayed', facts: { until, groups: ['ledger', 'mail'] } }, 'last'],
  ])
  expect(await told('confirmed', 'event', { extensions: { deliverat: '1970-01-01T00:00:00Z' } })).toMatchObject([
    published,
    [{ kind: 'routed' }, 'last'],
  ])
})

test.each<readonly [RouteGroups, readonly string[]]>([
  [{ also: ['fraud', 'mail'] }, ['ledger', 'mail', 'fraud']],
  [{ only: ['fraud'] }, ['fraud']],
])('tells who takes what was sent to %j', async (groups, takers) => {
  expect(await told('confirmed', 'event', { groups })).toContainEqual([
    { kind: 'routed', facts: { groups: takers } },
    'last',
  ])
})

test.each([
  ['what no group takes', 'event', 'nobody.cares'],
  ['what is put where nobody takes it', 'unrouted', 'order.placed'],
] as const)('%s is unrouted', async (_, kind, type) => {
  expect(await told('confirmed', kind, { type })).toEqual([published, [{ kind: 'unrouted' }, 'last']])
})

test('what may be there was published, and no more is known', async () => {
  expect(await told('unknown')).toEqual([published])
})

test.each(['not_accepted', 'unroutable', 'dropped'] as const)('what is %s was not published', async (outcome) => {
  expect(await told(outcome)).toEqual([])
})
