import type { Content } from '../../../shared/journal/content'
import { entryOf, type Entry } from '../../../shared/journal/entry'
import { Journal, type JournalParts, type Subject } from '../../../shared/journal/journal'
import { RecentSteps } from '../../../shared/journal/recent-steps'
import type { PublishResult } from '../../../shared/messaging/transport'
import { ManualClock } from '../../support/manual-clock'

const confirmed: PublishResult = { outcome: 'confirmed', detail: 'confirmed' }
const away: PublishResult = { outcome: 'not_accepted', detail: 'not connected to the broker' }

function subjectOf(id: string, extensions: Subject['extensions'] = {}): Subject {
  return { id, source: '/test', type: 'order.placed', extensions }
}

function openJournal(change: Partial<JournalParts> = {}) {
  const clock = new ManualClock()
  const entries: Entry[] = []
  const told: unknown[] = []
  let result = confirmed
  const journal = new Journal({
    log: {
      append: (body) => {
        if (result.outcome === 'confirmed') entries.push(entryOf(body.toString()) as Entry)
        return Promise.resolve(result)
      },
    },
    writer: 'w',
    share: 1,
    clock,
    now: () => clock.now(),
    events: {
      failed: (why) => told.push(`failed: ${why}`),
      recovered: (dropped) => told.push({ recovered: dropped }),
      dropped: () => told.push('dropped'),
    },
    ...change,
  })
  return { clock, entries, told, journal, answer: (next: PublishResult) => (result = next) }
}

const kindsIn = (entries: readonly Entry[]) =>
  entries.flatMap(({ told }) => told.map(({ message, steps }) => [message.id, ...steps.map(({ kind }) => kind)]))

test('gathers steps for a quarter of a second, those of one envelope in one record', async () => {
  const { journal, clock, entries } = openJournal()
  const [a, b] = [subjectOf('a'), subjectOf('b', { correlationid: 'whole', causationid: 'cause' })]
  journal.note(a, { kind: 'published' })
  journal.note(b, { kind: 'published', at: -5 })
  await clock.pass(100)
  journal.note(a, { kind: 'routed', facts: { groups: ['ledger'] } })
  journal.note(a, { kind: 'accepted', at: 0 }, 'last')
  await clock.pass(149)
  expect(entries).toEqual([])
  await clock.pass(1)
  expect(kindsIn(entries)).toEqual([
    ['a', 'published', 'routed', 'accepted'],
    ['b', 'published'],
  ])
  const [told, other] = entries[0]?.told ?? []
  expect(told?.steps.map(({ at }) => at)).toEqual([0, 100, 0])
  expect(other).toMatchObject({ message: { correlationId: 'whole', causationId: 'cause' }, steps: [{ at: -5 }] })
})

test('a step that comes after its record was sent makes another', async () => {
  const { journal, clock, entries } = openJournal()
  const subject = subjectOf('a')
  journal.note(subject, { kind: 'delivered' })
  await clock.pass(250)
  journal.note(subject, { kind: 'processed' }, 'last')
  await clock.pass(250)
  expect(kindsIn(entries)).toEqual([
    ['a', 'delivered'],
    ['a', 'processed'],
  ])
  const keys = entries.flatMap(({ told }) => told.flatMap(({ steps }) => steps.map(({ key }) => key)))
  expect(new Set(keys).size).toBe(2)
})

test('sends a full entry at once, and the rest when it has gathered', async () => {
  const { journal, clock, entries } = openJournal()
  for (let at = 0; at < 600; at++) journal.note(subjectOf(`m-${at}`), { kind: 'accepted' }, 'last')
  await clock.pass(0)
  expect(entries.map(({ told }) => told.length)).toEqual([250, 250])
  await clock.pass(250)
  expect(entries.map(({ told, number }) => [told.length, number])).toEqual([
    [250, 1],
    [250, 2],
    [100, 3],
  ])
})

test('holds back what the log does not take, says so once, and drops what is too much', async () => {
  const { journal, clock, entries, told, answer } = openJournal()
  answer(away)
  journal.note(subjectOf('first'), { kind: 'accepted' }, 'last')
  await clock.pass(5_000)
  for (let at = 0; at < 20_002; at++) journal.note(subjectOf(`m-${at}`), { kind: 'accepted' }, 'last')
  await clock.pass(5_000)
  expect(told).toEqual(['failed: not connected to the broker', 'dropped', 'dropped'])
  answer(confirmed)
  await clock.pass(2_000)
  expect(told.slice(3)).toEqual([{ recovered: 2 }])
  const ids = kindsIn(entries).map(([id]) => id)
  expect(ids).toEqual(['first', ...Array.from({ length: 20_000 }, (_, at) => `m-${at}`)])
})

test('sends what is left when it closes, and gives up after two seconds', async () => {
  const { journal, clock, entries } = openJournal()
  journal.note(subjectOf('a'), { kind: 'delivered' })
  for (let at = 0; at < 300; at++) journal.note(subjectOf(`m-${at}`), { kind: 'accepted' }, 'last')
  await journal.close()
  expect(kindsIn(entries)).toHaveLength(301)

  const silent = openJournal({ log: { append: () => new Promise(() => {}) } })
  silent.journal.note(subjectOf('b'), { kind: 'accepted' }, 'last')
  const ending = silent.journal.close()
  await silent.clock.pass(2_000)
  await ending
  expect(silent.told).toEqual(['failed: no answer within two seconds'])

  const other = openJournal()
  other.answer(away)
  other.journal.note(subjectOf('b'), { kind: 'accepted' }, 'last')
  let closed = false
  const closing = other.journal.close().then(() => (closed = true))
  await clock.pass(0)
  await other.clock.pass(1_999)
  expect(closed).toBe(false)
  await other.clock.pass(1)
  await closing
  expect(other.entries).toEqual([])
})

test('what is told after the close is dropped, and sent to nobody', async () => {
  const { journal, clock, entries, told } = openJournal()
  await journal.close()
  journal.note(subjectOf('a'), { kind: 'accepted' }, 'last')
  await clock.pass(1_000)
  expect(entries).toEqual([])
  expect(told).toEqual(['dropped'])
})

test('keeps the share of messages that it is given', async () => {
  const { journal, clock, entries } = openJournal({ share: 0 })
  journal.note(subjectOf('a'), { kind: 'accepted' }, 'last')
  await clock.pass(1_000)
  expect(entries).toEqual([])
})

test('tells nothing of a message that no entry could hold, and all of the others', async () => {
  const { journal, clock, entries } = openJournal()
  const long = 'x'.repeat(1_025)
  journal.note(subjectOf(long), { kind: 'accepted' }, 'last')
  journal.note({ ...subjectOf('a'), source: long }, { kind: 'accepted' }, 'last')
  journal.note(subjectOf('b', { causationid: long, correlationid: 'whole' }), { kind: 'accepted' }, 'last')
  await clock.pass(250)
  expect(entries.flatMap(({ told }) => told.map(({ message }) => message))).toEqual([
    { id: 'b', source: '/test', type: 'order.placed', correlationId: 'whole' },
  ])
})

test('what is not known to be in the table yet can be found, wherever it is on its way', async () => {
  const recent = new RecentSteps('w')
  const { journal, clock, answer } = openJournal({ appended: (entry) => recent.add(entry) })
  const find = (id: string) =>
    recent.find(id, journal.unsent(id)).flatMap(({ steps }) => steps.map(({ key, kind }) => `${key} ${kind}`))
  const subject = subjectOf('a')
  journal.note(subject, { kind: 'published' })
  expect(find('a')).toEqual(['w.1.0 published'])
  journal.note(subject, { kind: 'accepted' }, 'last')
  expect(find('a')).toEqual(['w.1.0 published', 'w.1.1 accepted'])
  answer(away)
  await clock.pass(1_000)
  expect(find('a')).toEqual(['w.1.0 published', 'w.1.1 accepted'])
  answer(confirmed)
  await clock.pass(1_000)
  expect(find('a')).toEqual(['w.1.0 published', 'w.1.1 accepted'])
  expect(find('b')).toEqual([])
  recent.projected({ writer: 'other', number: 1 })
  expect(find('a')).toHaveLength(2)
  recent.projected({ writer: 'w', number: 1 })
  expect(find('a')).toEqual([])
})

const contentOf = (id: string, text = '{}'): Content => ({
  ...{ id, source: '/test', type: 'order.placed', attributes: {}, bytes: text.length },
  data: { kind: 'kept', text, redacted: [] },
})
const idsIn = (entries: readonly Entry[]) => entries.map(({ contents }) => contents.map(({ id }) => id))

test('contents travel with the steps, and by themselves where there are none', async () => {
  const { journal, clock, entries } = openJournal()
  journal.note(subjectOf('a'), { kind: 'published' })
  journal.keep(contentOf('a'))
  await clock.pass(250)
  journal.keep(contentOf('b'))
  await clock.pass(250)
  expect(idsIn(entries)).toEqual([['a'], ['b']])
  expect(kindsIn(entries)).toEqual([['a', 'published']])
})

test('contents that are too many for one entry go into several, and too many for the memory are let go, steps never', async () => {
  const { journal, clock, entries, answer } = openJournal()
  answer(away)
  journal.note(subjectOf('a'), { kind: 'published' })
  for (let at = 0; at < 100; at++) journal.keep(contentOf(`m-${at}`, 'x'.repeat(200_000)))
  await clock.pass(250)
  answer(confirmed)
  await clock.pass(10_000)
  const ids = idsIn(entries).flat()
  expect(kindsIn(entries)).toEqual([['a', 'published']])
  expect(ids.at(-1)).toBe('m-99')
  // Eight MiB wait at most, and what was on its way already.
  expect(ids.length).toBeGreaterThan(35)
  expect(ids.length).toBeLessThan(50)
  for (const { contents } of entries) expect(contents.length).toBeLessThan(8)
})

test('contents that wait when it is closed are sent, and none is taken afterwards', async () => {
  const { journal, entries } = openJournal()
  journal.keep(contentOf('a'))
  await journal.close()
  journal.keep(contentOf('b'))
  expect(idsIn(entries)).toEqual([['a']])
})

test('wants what the sample picks and an entry can hold', () => {
  const { journal } = openJournal({ share: 0 })
  expect(journal.wants(subjectOf('a'))).toBe(false)
  const { journal: whole } = openJournal()
  expect(whole.wants(subjectOf('a'))).toBe(true)
  expect(whole.wants(subjectOf('x'.repeat(2_000)))).toBe(false)
})
