import type { KeyRoute, TopologyView } from '../../../../services/console/views/topology'
import { plainKey, plainName } from '../../../../services/console/web/topology/names'
import { fitted, moved, showing, zoomed } from '../../../../services/console/web/topology/view-box'
import { differenceWords, pathWords, stateWords } from '../../../../services/console/web/topology/words'
import { node, view } from './topology-fixtures'

const route = (more: Partial<KeyRoute>): KeyRoute => ({
  ...{ exchange: 'ns.events.v1', routingKey: 'order.placed', by: 'what stands', through: ['ns.events.v1'] },
  ...{ alternates: [], queues: [], nodes: [], edges: [], missed: [], untold: [] },
  ...more,
})
const queues = (...names: readonly string[]) => names.map((name) => ({ name, role: 'work' as const }))

test.each<[string, Partial<KeyRoute>, string]>([
  ['one queue', { queues: queues('ns.mail.v1') }, '“order.placed” from events goes into the queue mail.'],
  [
    'several, and one that is missed',
    { queues: queues('ns.mail.v1', 'tap'), missed: [{ edge: 'e', name: 'ns.ledger.v1' }] },
    '“order.placed” from events goes into 2 queues: mail and tap. A missing binding to ledger would want it as well.',
  ],
  [
    'by another exchange',
    { through: ['ns.events.v1', 'ns.copy.v1'], queues: queues('tap'), by: 'what is declared' },
    '“order.placed” from events goes by copy into the queue tap. As declared; what stands cannot be seen.',
  ],
  [
    'unrouted',
    { alternates: ['ns.unrouted.v1'], queues: queues('ns.unrouted.v1') },
    'No binding of events wants “order.placed”, so that it goes by the alternate exchange unrouted into the queue unrouted.',
  ],
  [
    'nowhere',
    { lost: 'no binding' },
    '“order.placed” from events leads to no queue, and no alternate exchange takes it. Whoever publishes is told that it is unroutable.',
  ],
  [
    'from nowhere',
    { exchange: 'ns.x', lost: 'no such exchange' },
    'There is no exchange x: whoever publishes to it loses the channel.',
  ],
])('the way of a key in words: %s', (_, more, words) => {
  expect(pathWords(route(more), 'ns')).toBe(words)
})

test('headers cannot be told by a key, and that is said', () => {
  expect(pathWords(route({ untold: ['ns.tap'], queues: queues('ns.mail.v1') }), 'ns')).toContain(
    'tap asks for headers: a key does not tell where that leads.',
  )
})

test('what differs is counted in words, the gravest first', () => {
  const words = (more: Partial<TopologyView['summary']>) => differenceWords({ summary: { ...view.summary, ...more } })
  expect(words({})).toBe('')
  expect(words({ missing: 1 })).toBe('1 object missing')
  expect(words({ missing: 3, missingBindings: 2, extra: 1, unsafe: 2 })).toBe(
    '3 objects missing, 2 bindings missing, 1 extra and 2 queues under an unsafe policy',
  )
})

test('an object says what is wrong with it', () => {
  expect(stateWords(node('queue ns.mail.v1', 'work', { attended: 'by nobody' }))).toBe(
    'Stands as declared. Nobody consumes it: messages wait until a consumer runs.',
  )
  expect(stateWords(node('queue tap', 'other', { state: 'outside' }))).toMatch(/^Of another name/)
})

test('names lose what they have in common, and nothing else', () => {
  expect(plainName('ns.mail.retry.5s.v1', 'ns')).toBe('mail.retry.5s')
  expect(plainName('ns.mail.v2', 'ns')).toBe('mail.v2')
  expect(plainName('nsx.mail.v1', 'ns')).toBe('nsx.mail.v1')
  expect(plainKey(`${'*.'.repeat(29)}order.placed`, 'ns')).toBe('*… order.placed')
  expect(plainKey('*.placed', 'ns')).toBe('*.placed')
})

const screen = { width: 1_000, height: 500 }

test('all of a picture is seen at first where it can be read, else its beginning', () => {
  const whole = fitted({ width: 800, height: 400 }, screen)
  expect(whole.width).toBeCloseTo(1_000 / 1.1)
  expect(whole.x).toBeLessThan(0)
  const begun = fitted({ width: 3_000, height: 400 }, screen)
  expect(begun.width).toBeCloseTo(1_000 / 0.62)
  expect(begun.x).toBe(-22)
  expect(fitted({ width: 3_000, height: 400 }, screen, 'whole').width).toBeCloseTo(3_044)
})

test('what lies under the pointer stays there while it is zoomed, up to a bound', () => {
  const box = { x: 0, y: 0, width: 1_000, height: 500 }
  const closer = zoomed(box, 2, { x: 250, y: 100 }, screen)
  expect(closer).toEqual({ x: 125, y: 50, width: 500, height: 250 })
  expect(zoomed(box, 1e6, { x: 0, y: 0 }, screen).width).toBeCloseTo(1_000 / 3)
  expect(zoomed(box, 1e-6, { x: 0, y: 0 }, screen).width).toBeCloseTo(1_000 / 0.12)
})

test('a card that gets the focus is brought into sight, and no further', () => {
  const box = { x: 0, y: 0, width: 1_000, height: 500 }
  expect(showing(box, { x: 100, y: 100, width: 50, height: 50 })).toEqual(box)
  expect(showing(box, { x: 1_000, y: -50, width: 50, height: 50 })).toEqual(moved(box, 72, -72))
})
