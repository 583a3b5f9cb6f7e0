import type { Told } from '../../../shared/journal/entry'
import { findMessage, mostRelatives } from '../../../shared/journal/message-status'
import { textOf } from '../../../shared/journal/step-text'
import type { JournalRow } from '../../../shared/store/journal-table'

const row = (id: string, change: Partial<JournalRow> = {}): JournalRow => ({
  id,
  source: '/test',
  type: 'order.placed',
  state: 'accepted',
  correlationId: undefined,
  causationId: undefined,
  steps: textOf([{ key: 'a.1.0', kind: 'accepted', at: 1 }]),
  ...change,
})

const told = (source: string): Told => ({
  message: { id: 'm', source, type: 'order.placed' },
  steps: [{ key: 'b.1.0', kind: 'published', at: 2 }],
})

function tableOf(rows: readonly JournalRow[]) {
  const asked: unknown[] = []
  return {
    asked,
    table: {
      find: (id: string, source: string | undefined) =>
        Promise.resolve(rows.filter((each) => each.id === id && (source === undefined || each.source === source))),
      followers: (id: string, most: number) => {
        asked.push(most)
        return Promise.resolve(rows.filter((each) => each.causationId === id))
      },
      family: (id: string) => Promise.resolve(rows.filter((each) => each.correlationId === id)),
    },
  }
}

const asked = (id: string, source?: string) => ({ id, source })
const nothing = () => []

async function statusOf(id: string, rows: readonly JournalRow[], recent: () => readonly Told[] = nothing) {
  const found = await findMessage(asked(id), { table: tableOf(rows).table, recent })
  return found.kind === 'one' ? found.status : undefined
}

test('joins what the table has with what is on its way there', async () => {
  expect(await statusOf('m', [row('m')], () => [told('/test')])).toMatchObject({
    state: 'published',
    steps: [{ kind: 'accepted' }, { kind: 'published' }],
  })
})

test('a message that the table does not have yet is found', async () => {
  expect(await statusOf('m', [], () => [told('/test')])).toMatchObject({
    message: { id: 'm', source: '/test' },
    state: 'published',
  })
  expect(await findMessage(asked('m'), { table: tableOf([]).table, recent: nothing })).toEqual({ kind: 'none' })
})

test('tells apart what two sources gave the same id, and looks for no more than their names', async () => {
  const { table, asked: relatives } = tableOf([row('m'), row('m', { source: '/other' })])
  const recent = () => [told('/third')]
  expect(await findMessage(asked('m'), { table, recent })).toEqual({
    kind: 'several',
    sources: ['/test', '/other', '/third'],
  })
  expect(relatives).toEqual([])
  expect(await findMessage(asked('m', '/other'), { table, recent })).toMatchObject({
    kind: 'one',
    status: { message: { source: '/other' }, state: 'accepted' },
  })
  expect(await findMessage(asked('m', '/fourth'), { table, recent })).toEqual({ kind: 'none' })
})

test('tells what followed from it and what belongs to the same whole, each once', async () => {
  const rows = [
    row('root'),
    row('m', { causationId: 'root', correlationId: 'root' }),
    row('child', { causationId: 'm', correlationId: 'root' }),
    row('sibling', { causationId: 'root', correlationId: 'root', state: 'dead' }),
  ]
  const { table, asked: relatives } = tableOf(rows)
  const found = await findMessage(asked('m'), { table, recent: nothing })
  expect(found).toMatchObject({
    kind: 'one',
    status: {
      children: [{ id: 'child', source: '/test', type: 'order.placed', state: 'accepted' }],
      related: [{ id: 'sibling', source: '/test', type: 'order.placed', state: 'dead' }],
    },
  })
  expect(relatives).toEqual([mostRelatives])
  const root = await statusOf('root', rows)
  expect(root?.children.map(({ id }) => id)).toEqual(['m', 'sibling'])
  expect(root?.related.map(({ id }) => id)).toEqual(['child'])
})
