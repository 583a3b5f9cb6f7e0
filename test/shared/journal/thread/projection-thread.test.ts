import { entryText, recordText } from '../../../../shared/journal/entry'
import { ProjectionThread } from '../../../../shared/journal/thread/projection-thread'
import type { JournalEntry } from '../../../../shared/messaging/journal-log'
import { openStore } from '../../../../shared/store/open-store'
import { atEnd } from '../../../support/ends'
import { eventually } from '../../../support/eventually'
import { temporaryStoreUrl } from '../../../support/temporary-store'

const aMinute = 60_000

function threadOn(storeUrl: string, failpoints?: string) {
  const heard: string[] = []
  const thread = new ProjectionThread({
    data: { log: 'log', storeUrl, failpoints },
    heard: {
      failed: () => heard.push('failed'),
      recovered: () => heard.push('recovered'),
      refused: () => heard.push('refused'),
      cleaningFailed: () => heard.push('cleaning failed'),
      projected: (entries) => heard.push(...entries.map(({ writer, number }) => `${writer} ${number}`)),
      died: ({ message }) => heard.push(`died: ${message}`),
    },
  })
  atEnd(() => thread.stop())
  return { thread, heard }
}

function entryAt(offset: number): JournalEntry {
  const record = recordText(offset, { id: `m-${offset}`, source: '/test', type: 'order.placed' }, [['accepted', 1]])
  // A piece of a larger buffer, as a driver hands it out.
  const body = Buffer.from(`before${entryText('w', offset, [record])}behind`)
  return { offset, id: `entry-${offset}`, body: body.subarray('before'.length, -'behind'.length) }
}

test(
  'what it takes is in the store, told, and not asked for again',
  async () => {
    const url = await temporaryStoreUrl()
    const { thread, heard } = threadOn(url)
    expect(await thread.place()).toBeUndefined()
    await thread.take([entryAt(0), entryAt(1)])
    expect(heard).toEqual(['w 0', 'w 1'])
    await thread.stop()
    const store = await openStore({ url, migrations: [] })
    atEnd(() => store.close())
    expect((await store.journal.latest(5)).map(({ id }) => id).sort()).toEqual(['m-0', 'm-1'])
    expect(await threadOn(url).thread.place()).toEqual({ offset: 1, id: 'entry-1' })
  },
  aMinute,
)

test(
  'a log that was begun anew is read from its first entry',
  async () => {
    const { thread } = threadOn(await temporaryStoreUrl())
    await thread.place()
    await thread.take([entryAt(7)])
    thread.anew()
    await thread.take([entryAt(0)])
    expect(await thread.place()).toEqual({ offset: 0, id: 'entry-0' })
  },
  aMinute,
)

test(
  'when it dies, what it was asked for fails, and another one goes on from where the table is',
  async () => {
    const url = await temporaryStoreUrl()
    const { thread, heard } = threadOn(url, 'store.transaction-open=reject@2')
    await thread.place()
    await thread.take([entryAt(0)])
    await expect(thread.take([entryAt(1)])).rejects.toThrow('failpoint store.transaction-open')
    expect(heard).toContain('died: failpoint store.transaction-open')
    await expect(thread.take([entryAt(1)])).rejects.toThrow('has to be asked for its place')
    const place = await thread.place()
    // What it was writing may be there, as a whole or not at all.
    const rest = [entryAt(1), entryAt(2)].filter(({ offset }) => offset > (place?.offset ?? -1))
    expect(rest).not.toHaveLength(0)
    await thread.take(rest)
    await thread.stop()
    const store = await openStore({ url, migrations: [] })
    atEnd(() => store.close())
    expect((await store.journal.latest(9)).map(({ id }) => id).sort()).toEqual(['m-0', 'm-1', 'm-2'])
  },
  aMinute,
)

test(
  'a new log that the dead one was told of is found again by who asks for the place',
  async () => {
    const { thread } = threadOn(await temporaryStoreUrl(), 'store.transaction-open=reject@2')
    await thread.place()
    await thread.take([entryAt(7)])
    await expect(thread.take([entryAt(8)])).rejects.toThrow('failpoint')
    thread.anew()
    await expect(thread.take([entryAt(0)])).rejects.toThrow('has to be asked for its place')
  },
  aMinute,
)

test(
  'may be stopped before it has begun, and twice',
  async () => {
    const { thread, heard } = threadOn(await temporaryStoreUrl())
    await Promise.all([thread.stop(), thread.stop()])
    expect(heard).toEqual([])
    await expect(thread.place()).rejects.toThrow('stopped')
  },
  aMinute,
)

test(
  'stops while the store is away',
  async () => {
    const { thread, heard } = threadOn('postgres://127.0.0.1:1/nobody')
    const place = thread.place()
    const refused = expect(place).rejects.toThrow()
    await eventually('it says that the store is away', () => heard.includes('failed'))
    await thread.stop()
    await refused
    expect(heard.filter((each) => each.startsWith('died'))).toEqual([])
    await expect(thread.place()).rejects.toThrow('stopped')
  },
  aMinute,
)
