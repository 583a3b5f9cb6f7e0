import { entryText, recordText } from '../../../shared/journal/entry'
import { findMessage } from '../../../shared/journal/message-status'
import { Projection } from '../../../shared/journal/projection'
import type { StepKind } from '../../../shared/journal/step'
import type { JournalEntry } from '../../../shared/messaging/journal-log'
import { openStore } from '../../../shared/store/open-store'
import { StoreUnavailable, type Store } from '../../../shared/store/store'
import { atEnd } from '../../support/ends'
import { onJournal } from '../../support/on-store'
import { temporaryStoreUrl } from '../../support/temporary-store'

async function openedStore(url?: string): Promise<Store> {
  const store = await openStore({ url: url ?? (await temporaryStoreUrl()), migrations: [] })
  atEnd(() => store.close())
  return store
}

function projectionOn(table: Pick<Store['journal'], 'position' | 'advance'>) {
  const told: string[] = []
  const projected: string[] = []
  const projection = new Projection({
    log: 'log',
    table,
    events: {
      failed: ({ message }) => told.push(`failed: ${message}`),
      recovered: () => told.push('recovered'),
      refused: ({ message }) => told.push(`refused: ${message}`),
    },
    random: () => 0,
    projected: (entries) => projected.push(...entries.map(({ writer, number }) => `${writer} ${number}`)),
  })
  atEnd(() => projection.stop())
  return { projection, told, projected }
}

let numbers = 0

function entry(offset: number, id: string, ...kinds: StepKind[]): JournalEntry {
  const number = ++numbers
  const record = recordText(
    number,
    { id, source: '/test', type: 'order.placed' },
    kinds.map((kind) => [kind, number]),
  )
  return { offset, id: `entry-${offset}`, body: Buffer.from(entryText('w', offset, [record])) }
}

const placeIn = (store: Store) => store.journal.position('log')

async function kindsOf(store: Store, id: string) {
  const found = await findMessage({ id, source: undefined }, { table: store.journal, recent: () => [] })
  if (found.kind !== 'one') return undefined
  return { state: found.status.state, steps: found.status.steps.map(({ kind }) => kind) }
}

test('puts the steps of each message together, over any number of entries, and remembers where it is', async () => {
  const store = await openedStore()
  const { projection, projected } = projectionOn(store.journal)
  expect(await projection.place()).toBeUndefined()
  await projection.take([entry(0, 'a', 'accepted', 'published'), entry(1, 'b', 'accepted')])
  await projection.take([entry(2, 'a', 'stored')])
  expect(await kindsOf(store, 'a')).toEqual({ state: 'stored', steps: ['accepted', 'published', 'stored'] })
  expect(await kindsOf(store, 'b')).toEqual({ state: 'accepted', steps: ['accepted'] })
  expect(projected).toEqual(['w 0', 'w 1', 'w 2'])
  expect(await projectionOn(store.journal).projection.place()).toEqual({ offset: 2, id: 'entry-2' })
})

test('what is read twice changes nothing', async () => {
  const store = await openedStore()
  const { projection } = projectionOn(store.journal)
  await projection.place()
  const entries = [entry(0, 'a', 'delivered'), entry(1, 'a', 'failed')]
  await projection.take(entries)
  const again = projectionOn(store.journal).projection
  await again.place()
  await again.take(entries)
  expect(await kindsOf(store, 'a')).toEqual({ state: 'accepted', steps: ['delivered', 'failed'] })
})

/** A table that tells to which offsets it was moved. */
function watched(table: Store['journal']) {
  const moves: (number | undefined)[] = []
  const advance: Store['journal']['advance'] = async (step) => {
    const result = await table.advance(step)
    if (result === 'advanced') moves.push(step.to?.offset)
    return result
  }
  return { moves, table: { ...table, advance } }
}

test('of two with one table each entry is written by one, and the place never goes back', async () => {
  const store = await openedStore()
  const { moves, table } = watched(store.journal)
  const two = [projectionOn(table), projectionOn(table)]
  const entries = Array.from({ length: 40 }, (_, at) => entry(at, `m-${at % 7}`, 'delivered'))
  await Promise.all(
    two.map(async ({ projection }, own) => {
      await projection.place()
      const size = own + 3
      for (let at = 0; at < entries.length; at += size) await projection.take(entries.slice(at, at + size))
    }),
  )
  expect(await placeIn(store)).toEqual({ offset: 39, id: 'entry-39' })
  expect(moves).toEqual([...new Set(moves)].sort((a, b) => Number(a) - Number(b)))
  const found = await Promise.all(Array.from({ length: 7 }, (_, at) => kindsOf(store, `m-${at}`)))
  expect(found.flatMap((one) => one?.steps ?? [])).toHaveLength(40)
  for (const { projected } of two) expect(projected).toHaveLength(40)
}, 60_000)

test('who stands by passes over what another has written, and goes on when that ends', async () => {
  const store = await openedStore()
  const [leader, other] = [projectionOn(store.journal).projection, projectionOn(store.journal).projection]
  await Promise.all([leader.place(), other.place()])
  const entries = Array.from({ length: 200 }, (_, at) => entry(at, 'a', 'delivered'))
  await leader.take(entries.slice(0, 180))
  const { moves, table } = watched(store.journal)
  const standing = projectionOn(table).projection
  for (let at = 0; at < 180; at += 20) await standing.take(entries.slice(at, at + 20))
  expect(moves).toEqual([])
  expect(await placeIn(store)).toEqual({ offset: 179, id: 'entry-179' })
  await standing.take(entries.slice(180))
  expect(await placeIn(store)).toEqual({ offset: 199, id: 'entry-199' })
})

/** Of so many messages. */
function largeEntry(offset: number, messages: number): JournalEntry {
  const records = Array.from({ length: messages }, (_, at) =>
    recordText(at, { id: `large-${at}`, source: '/test', type: 'order.placed' }, [['accepted', at]]),
  )
  return { offset, id: `entry-${offset}`, body: Buffer.from(entryText('w', 1, records)) }
}

test.each([
  [250, [0]],
  [1_000, [0]],
  [2_001, [undefined, undefined, 0]],
])('an entry of %i messages moves the place when all of it is written', async (messages, expected) => {
  const store = await openedStore()
  const { moves, table } = watched(store.journal)
  const { projection } = projectionOn(table)
  await projection.place()
  await projection.take([largeEntry(0, messages)])
  expect(moves).toEqual(expected)
  expect(await kindsOf(store, 'large-0')).toBeDefined()
  expect(await kindsOf(store, `large-${messages - 1}`)).toBeDefined()
})

test('a place that somebody has deleted is begun again', async () => {
  const url = await temporaryStoreUrl()
  const store = await openedStore(url)
  const { projection } = projectionOn(store.journal)
  await projection.place()
  await projection.take([entry(0, 'a', 'accepted'), entry(1, 'a', 'published')])
  await onJournal(url, 'delete from handoff_journal_position')
  await projection.take([entry(2, 'a', 'stored')])
  expect(await placeIn(store)).toEqual({ offset: 2, id: 'entry-2' })
})

test('a log that was begun anew is read although its offsets are small', async () => {
  const store = await openedStore()
  const { projection } = projectionOn(store.journal)
  await projection.place()
  await projection.take([entry(1_000, 'a', 'accepted')])
  projection.anew()
  await projection.take([entry(0, 'a', 'published')])
  expect(await kindsOf(store, 'a')).toEqual({ state: 'published', steps: ['accepted', 'published'] })
  expect(await placeIn(store)).toEqual({ offset: 0, id: 'entry-0' })
})

test.each(['before another look', 'after that look'] as const)(
  'what is left of a log that another has begun anew %s is kept, and the place in the new one stays',
  async (when) => {
    const store = await openedStore()
    const leader = projectionOn(store.journal).projection
    const begin = async () => {
      leader.anew()
      await leader.take([entry(0, 'b', 'accepted')])
    }
    let beginning = Promise.resolve()
    const { projection } = projectionOn({
      ...store.journal,
      advance: async (step) => {
        if (step.to?.offset === 1_001 && when === 'after that look') await (beginning = begin())
        return store.journal.advance(step)
      },
    })
    await projection.place()
    await projection.take([entry(1_000, 'a', 'accepted')])
    await leader.place()
    if (when === 'before another look') await begin()
    await expect(projection.take([entry(1_001, 'a', 'published')])).rejects.toThrow(/begun anew/)
    await beginning
    expect(await kindsOf(store, 'a')).toEqual({ state: 'published', steps: ['accepted', 'published'] })
    expect(await projection.place()).toEqual({ offset: 0, id: 'entry-0' })
    await projection.take([entry(1, 'c', 'accepted')])
    expect(await placeIn(store)).toEqual({ offset: 1, id: 'entry-1' })
  },
)

test('waits for a store that is away, and says so once', async () => {
  const store = await openedStore()
  let failures = 3
  const { projection, told } = projectionOn({
    ...store.journal,
    advance: (step) =>
      failures-- > 0 ? Promise.reject(new StoreUnavailable('on purpose')) : store.journal.advance(step),
  })
  await projection.place()
  await projection.take([entry(0, 'a', 'accepted')])
  expect(told).toEqual(['failed: on purpose', 'recovered'])
  expect(await kindsOf(store, 'a')).toEqual({ state: 'accepted', steps: ['accepted'] })
})

test('leaves out what the store refuses for good, and goes on', async () => {
  const store = await openedStore()
  const { projection, told } = projectionOn({
    ...store.journal,
    advance: (step) =>
      step.keys.some(({ id }) => id === 'bad') ? Promise.reject(new Error('no')) : store.journal.advance(step),
  })
  await projection.place()
  await projection.take([entry(0, 'bad', 'accepted')])
  await projection.take([entry(1, 'a', 'accepted')])
  expect(told).toEqual(['refused: no'])
  expect(await kindsOf(store, 'bad')).toBeUndefined()
  expect(await kindsOf(store, 'a')).toBeDefined()
})

test('passes over entries that are none, and is past them', async () => {
  const store = await openedStore()
  const { projection } = projectionOn(store.journal)
  await projection.place()
  await projection.take([
    { offset: 0, id: 'mark', body: Buffer.alloc(0) },
    { offset: 1, id: 'odd', body: Buffer.from('{"version":9}') },
  ])
  expect(await placeIn(store)).toEqual({ offset: 1, id: 'odd' })
})

test('ends while the store is away', async () => {
  const store = await openedStore()
  const { projection, told } = projectionOn({
    ...store.journal,
    position: () => Promise.reject(new StoreUnavailable('away')),
  })
  const placed = projection.place()
  const took = projection.take([entry(0, 'a', 'accepted')])
  setImmediate(() => projection.stop())
  await expect(placed).rejects.toThrow('stopped')
  await took
  expect(told).toEqual(['failed: away'])
})

test('ends while the store does not answer at all', async () => {
  const store = await openedStore()
  const { projection } = projectionOn({ ...store.journal, advance: () => new Promise(() => {}) })
  await projection.place()
  const took = projection.take([entry(0, 'a', 'accepted')])
  setImmediate(() => projection.stop())
  await took
})
