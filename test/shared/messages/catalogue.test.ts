/** Says in words which line was forgotten when a message or a handler was added. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../../shared/messages/catalogue'
import { Type } from 'typebox'
import { event } from '../../../shared/messages/message'
import { breaches, delaysOf, group } from '../../../shared/messages/group'
import { groups } from '../../../shared/messages/groups'
import { shapeErrors } from '../../../shared/messages/shape'
import { handler, type Handler } from '../../../services/consumer/handler'
import { idleHandlers, missingHandlers } from '../../../services/consumer/handler-gaps'
import { handlers } from '../../../services/consumer/handlers/all'
import { hello, orderPlaced } from './example-types'

const folder = join(__dirname, '../../../shared/messages')
const kit = [
  'written-data',
  'rule',
  'topic-pattern',
  'body',
  'by-route',
  'catalogue',
  'group',
  'groups',
  'message',
  'row-change',
  'schedule',
  'schedules',
  'shape',
]

test('catalogue.ts and groups.ts fit together', () => {
  expect(breaches(catalogue, groups)).toEqual([])
})

test('every file of a message stands in catalogue.ts', () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
  const named = catalogue.map(({ name }) => name.replaceAll('.', '-'))
  expect(files.filter((file) => !kit.includes(file)).sort()).toEqual(named.sort())
})

test('every type of every group has its handler in handlers/all.ts, and no handler is idle', () => {
  expect(missingHandlers(groups, handlers)).toEqual([])
  expect(idleHandlers(groups, handlers)).toEqual([])
})

test('every file of a handler stands in handlers/all.ts', async () => {
  const home = join(__dirname, '../../../services/consumer/handlers')
  const missing: string[] = []
  for (const file of readdirSync(home).filter((name) => name !== 'all.ts')) {
    const exported = Object.values((await import(join(home, file))) as Record<string, Handler | readonly Handler[]>)
    if (!exported.flat().some((each) => handlers.includes(each))) missing.push(file)
  }
  expect(missing).toEqual([])
})

test.each(catalogue.map((type) => [type.name, type] as const))('%s has examples that fit its schema', (_, type) => {
  expect(type.examples.length).toBeGreaterThan(0)
  expect(type.examples.flatMap((example) => shapeErrors(type, example))).toEqual([])
})

test('what does not fit is told in a sentence', () => {
  expect(breaches([orderPlaced], [group('a', [hello])])).toEqual([
    'group "a" takes "hello", which is missing from catalogue.ts',
  ])
  expect(breaches([hello], [])).toEqual(['command "hello" needs exactly one group in groups.ts, but no group takes it'])
  expect(breaches([hello], [group('a', [hello]), group('b', [hello])])).toEqual([
    'command "hello" needs exactly one group in groups.ts, but a and b take it',
  ])
  expect(breaches([hello, hello], [group('a', [hello]), group('a', [hello])])).toEqual(
    expect.arrayContaining([
      'message type "hello" stands twice in catalogue.ts',
      'group "a" stands twice in groups.ts',
    ]),
  )
  expect(missingHandlers([group('a', [hello])], [])).toEqual([{ group: 'a', type: 'hello' }])
})

test('a group whose ordered types have different numbers of partitions is told', () => {
  const ordered = (name: string, partitions: number) =>
    event(name, Type.Any(), { description: '', examples: [], partitions })
  const [two, three, none] = [ordered('two', 2), ordered('three', 3), ordered('none', 0)]
  expect(breaches([two, three, none], [group('a', [two, none]), group('b', [two, three])])).toEqual([
    'group "b" takes types with different numbers of partitions ("two" 2, "three" 3); give them the same',
  ])
})

test('handlers that would never run are told', () => {
  const greet = handler(hello, { group: 'greetings' }, () => {})
  expect(idleHandlers([group('a', [hello])], [greet])).toEqual([
    'a handler for "hello" in group "greetings", but groups.ts does not give it that type',
  ])
  expect(idleHandlers([group('greetings', [hello])], [greet, greet])).toEqual([
    'two handlers for "hello" in group "greetings"; a group handles a type once',
  ])
})

test('a group needs a name that fits into a queue and at least one type', () => {
  expect(() => group('Ledger', [hello])).toThrow(/use lower-case letters/)
  expect(() => group('ledger', [])).toThrow(/takes no message type/)
  expect(() => group('ledger', [orderPlaced], { version: 0 })).toThrow(/has the version 0; use 1, 2 and so on/)
})

test("a group's delay tiers are the union of its messages' delays, shortest first", () => {
  expect(delaysOf(group('a', [orderPlaced, hello]))).toEqual([500, 5_000, 30_000, 300_000])
})
