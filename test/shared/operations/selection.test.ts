import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { FailureGroups } from '../../../shared/operations/failure-groups'
import { errorPattern, failureSignature } from '../../../shared/operations/failure-signature'
import { valueAt } from '../../../shared/operations/json-pointer'
import { parseExactly } from '../../../shared/runtime/exact-json'
import { isSelected, type LetterFacts } from '../../../shared/operations/selection'

const letter = (some: Partial<DeadLetter> = {}): DeadLetter => ({
  id: 'a',
  source: '/test',
  type: 'order.placed',
  reason: 'failed',
  error: 'Error: the ledger was away',
  stack: undefined,
  attempts: 5,
  replays: 0,
  firstSeen: undefined,
  deadAt: '2026-01-02T03:04:05.000Z',
  route: undefined,
  contentType: 'application/json',
  extensions: {},
  body: Buffer.from('of an event in structured mode'),
  data: Buffer.from('{"orderId":"A-1","amountCents":4200,"lines":[{"sku":"S/7"}],"paid":true,"note":null}'),
  headers: {},
  properties: {},
  ...some,
})

test.each<[LetterFacts, boolean]>([
  [{}, true],
  [{ reason: 'failed', type: 'order.placed' }, true],
  [{ reason: 'failed', type: 'hello' }, false],
  [{ since: '2026-01-02T03:04:05.000Z', until: '2026-01-02T03:04:05.001Z' }, true],
  [{ since: '2026-01-02T03:04:05.001Z' }, false],
  [{ until: '2026-01-02T03:04:05.000Z' }, false],
  [{ text: 'LEDGER was' }, true],
  [{ text: 'A' }, true],
  [{ text: 'the mail' }, false],
  [{ where: [{ pointer: '/orderId', value: 'A-1' }] }, true],
  [{ where: [{ pointer: '/amountCents', value: '4200' }] }, true],
  [{ where: [{ pointer: '/lines/0/sku', value: 'S/7' }] }, true],
  [{ where: [{ pointer: '/paid', value: 'true' }] }, true],
  [{ where: [{ pointer: '/note', value: 'null' }] }, true],
  [{ where: [{ pointer: '/absent', value: 'undefined' }] }, false],
  [{ where: [{ pointer: '/toString', value: 'x' }] }, false],
  [
    {
      where: [
        { pointer: '/orderId', value: 'A-1' },
        { pointer: '/amountCents', value: '1' },
      ],
    },
    false,
  ],
  [{ signature: failureSignature(letter()) }, true],
  [{ signature: '00000000' }, false],
])('%j selects it: %s', (facts, selected) => {
  expect(isSelected({ by: 'facts', ...facts }, letter())).toBe(selected)
})

test.each<[string, string, boolean]>([
  ['9007199254740992', '9007199254740992', true],
  ['9007199254740993', '9007199254740993', true],
  ['9007199254740993', '9007199254740992', false],
  ['9007199254740992', '9007199254740993', false],
  ['18446744073709551615', '18446744073709551615', true],
  ['18446744073709551615', '18446744073709551614', false],
  ['0.30000000000000000001', '0.3', false],
  ['42e2', '4200', true],
  ['4200.00', '4200', true],
  ['0.0042e6', '4200', true],
  ['-0.0', '0', true],
  ['1e400', '1e400', true],
  ['1e400', '1e401', false],
  ['[9007199254740993]', '[9007199254740993]', true],
  ['[9007199254740993,4.2e3]', '[9007199254740993,4200]', true],
  ['[9007199254740993]', '[9007199254740992]', false],
])('the number %s is selected by %s: %s', (number, value, selected) => {
  const data = Buffer.from(`{"n":${number}}`)
  expect(isSelected({ by: 'facts', where: [{ pointer: '/n', value }] }, letter({ data }))).toBe(selected)
})

test('a number of a million digits takes no longer than it is', () => {
  const data = Buffer.from(`{"n":0.${'0'.repeat(500_000)}1${'0'.repeat(500_000)}1}`)
  const startedAt = performance.now()
  expect(isSelected({ by: 'facts', where: [{ pointer: '/n', value: '0' }] }, letter({ data }))).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test('a letter that does not say when it died is within no time', () => {
  expect(isSelected({ by: 'facts', until: '2030-01-01T00:00:00Z' }, letter({ deadAt: undefined }))).toBe(false)
})

test('a text is the whole of its data', () => {
  const where = [{ pointer: '', value: 'Hello World!' }]
  expect(isSelected({ by: 'facts', where }, letter({ data: Buffer.from('Hello World!') }))).toBe(true)
})

test('a pointer reads escaped names and nothing that is inherited', () => {
  expect(valueAt({ 'a/b': { 'c~d': [1, 2] } }, '/a~1b/c~0d/1')).toBe(2)
  expect(valueAt({}, '/constructor')).toBeUndefined()
  expect(valueAt('text', '/length')).toBeUndefined()
  expect(valueAt(parseExactly('[9007199254740993]'), '/0/rawJSON')).toBeUndefined()
})

test.each([
  ['Error: order A-1 of 2026', 'Error: order A-2 of 1999'],
  ['Reject: "x" by 01a20752-2f04-7c11-8d20-3a6c0f5be91e', 'Reject: "another" by 01a20752-312a-7349-b37d-4c370da42bcf'],
  ["TypeError: no 'a'", "TypeError: no 'b'"],
  ['at 0xdeadbeef1', 'at 0xcafe42'],
])('%s died of the same as %s', (one, other) => {
  expect(errorPattern(one)).toBe(errorPattern(other))
  expect(failureSignature(letter({ error: one }))).toBe(failureSignature(letter({ error: other })))
})

test('a long error takes no longer than it is', () => {
  const startedAt = performance.now()
  errorPattern(`${'a'.repeat(200_000)} ${'"'.repeat(99_999)} ${'1-'.repeat(100_000)}`)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test('another error, reason or type is another failure', () => {
  const all = [{}, { error: 'Error: another' }, { reason: 'timeout' }, { type: 'hello' }, { error: undefined }]
  expect(new Set(all.map((some) => failureSignature(letter(some)))).size).toBe(all.length)
})

test('groups count, the most frequent first, with the first and last death and the first id', () => {
  const groups = new FailureGroups()
  groups.add(letter({ id: '1', reason: 'timeout' }))
  groups.add(letter({ id: '2', deadAt: '2026-01-03T00:00:00.000Z' }))
  groups.add(letter({ id: '3', deadAt: '2026-01-01T00:00:00.000Z' }))
  groups.add(letter({ id: '4', deadAt: undefined }))
  expect(groups.all()).toMatchObject([
    {
      count: 3,
      reason: 'failed',
      example: '2',
      firstDeadAt: '2026-01-01T00:00:00.000Z',
      lastDeadAt: '2026-01-03T00:00:00.000Z',
    },
    { count: 1, reason: 'timeout', example: '1' },
  ])
})
