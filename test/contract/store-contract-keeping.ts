import { randomUUID } from 'node:crypto'
import type { Store } from '../../shared/store/store'
import { newKey } from './store-effects'

const newStartsKey = () => ({ ...newKey(), replays: 0 })

/** Fingerprints of requests, starts of work, and how long things are kept. */
export function keepingContract(opened: () => Store): void {
  describe('reserve', () => {
    it('tells new, same, accepted and different apart', async () => {
      const id = randomUUID()
      await expect(opened().reserve(id, 'print-1')).resolves.toEqual({ kind: 'new' })
      await expect(opened().reserve(id, 'print-1')).resolves.toEqual({ kind: 'same', acceptedAs: undefined })
      await opened().accept(id, 'stored')
      await opened().accept(id, 'confirmed')
      await expect(opened().reserve(id, 'print-1')).resolves.toEqual({ kind: 'same', acceptedAs: 'stored' })
      await expect(opened().reserve(id, 'print-2')).resolves.toEqual({ kind: 'different' })
    })

    it('gives one of many concurrent callers the new one', async () => {
      const id = randomUUID()
      const answers = await Promise.all(Array.from({ length: 200 }, () => opened().reserve(id, 'print')))
      expect(answers.filter(({ kind }) => kind === 'new')).toHaveLength(1)
      expect(answers.filter(({ kind }) => kind === 'same')).toHaveLength(199)
    })

    it('takes an accept of something unknown without a word', async () => {
      await expect(opened().accept(randomUUID(), 'stored')).resolves.toBeUndefined()
    })
  })

  describe('starts', () => {
    it('counts those of one message until its end, and of no other', async () => {
      const [key, other] = [newStartsKey(), newStartsKey()]
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 0 })
      await opened().noteStart(key, 1)
      await opened().noteStart(key, 2)
      await opened().noteStart({ ...key, group: 'mail' }, 1)
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 2 })
      await expect(opened().trace({ ...key, replays: 1 })).resolves.toMatchObject({ starts: 0 })
      await opened().noteEnd(key)
      await opened().noteEnd(other)
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 0 })
      await expect(opened().trace({ ...key, group: 'mail' })).resolves.toMatchObject({ starts: 1 })
    })

    it('keeps why a message was to be parked, and the starts beside it', async () => {
      const key = newStartsKey()
      await expect(opened().trace(key)).resolves.toEqual({ starts: 0, parkedAs: undefined, endedAs: undefined })
      await opened().noteParked(key, 'first')
      await opened().noteStart(key, 1)
      await opened().noteParked(key, 'second')
      await expect(opened().trace(key)).resolves.toEqual({ starts: 1, parkedAs: 'second', endedAs: 'dead letter' })
      await expect(opened().trace({ ...key, replays: 1 })).resolves.toMatchObject({ starts: 0, parkedAs: undefined })
    })

    it('parks or applies, never both', async () => {
      const [parkedFirst, appliedFirst] = [newStartsKey(), newStartsKey()]
      await expect(opened().noteParked(parkedFirst, 'why')).resolves.toBe('parked')
      await expect(opened().isDone(parkedFirst)).resolves.toBe(true)
      await expect(opened().apply(parkedFirst, [])).resolves.toBe('duplicate')
      await expect(opened().interactive(parkedFirst, () => Promise.resolve())).resolves.toBe('duplicate')
      await expect(opened().noteParked(parkedFirst, 'again')).resolves.toBe('parked')
      await opened().apply(appliedFirst, [])
      await expect(opened().noteParked(appliedFirst, 'why')).resolves.toBe('done')
      await expect(opened().trace(appliedFirst)).resolves.toMatchObject({ parkedAs: undefined })
    })

    it('keeps why it was parked when other work on it ends, and tells its end from an effect', async () => {
      const [parked, applied] = [newStartsKey(), newStartsKey()]
      await opened().noteStart(parked, 1)
      await opened().noteParked(parked, 'why')
      await opened().noteEnd(parked)
      await expect(opened().trace(parked)).resolves.toMatchObject({ parkedAs: 'why', endedAs: 'dead letter' })
      await opened().apply(applied, [])
      await expect(opened().trace(applied)).resolves.toEqual({ starts: 0, parkedAs: undefined, endedAs: 'effect' })
    })

    it('lets no copy from before a replay take the parking of the replay back', async () => {
      const key = newStartsKey()
      const replayed = { ...key, replays: 1 }
      await opened().noteParked(replayed, 'again')
      await opened().noteParked(key, 'late')
      await opened().noteReplayed(replayed)
      await expect(opened().apply(key, [])).resolves.toBe('duplicate')
    })

    it('lets one of the two win when they come at once', async () => {
      const keys = Array.from({ length: 50 }, newStartsKey)
      const answers = await Promise.all(
        keys.map((key) => Promise.all([opened().noteParked(key, 'why'), opened().apply(key, [])])),
      )
      for (const [parked, applied] of answers)
        expect([parked, applied]).toEqual(parked === 'parked' ? ['parked', 'duplicate'] : ['done', 'applied'])
    })

    it('gives a parked message free for its replay, and for no earlier one', async () => {
      const key = newStartsKey()
      const [first, second] = [1, 2].map((replays) => ({ ...key, replays })) as [typeof key, typeof key]
      await opened().noteParked(first, 'why')
      await opened().noteReplayed(key)
      await opened().noteReplayed(first)
      await expect(opened().isDone(key)).resolves.toBe(true)
      await opened().noteReplayed(second)
      await expect(opened().isDone(key)).resolves.toBe(false)
      await expect(opened().apply(key, [])).resolves.toBe('applied')
      await opened().noteReplayed(second)
      await expect(opened().isDone(key)).resolves.toBe(true)
    })

    it('takes a start that is told twice for one, and no earlier one back', async () => {
      const key = newStartsKey()
      for (const time of [1, 2, 2, 1]) await opened().noteStart(key, time)
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 2 })
    })
  })

  describe('clean', () => {
    const hour = 3_600
    const { signal } = new AbortController()
    const longAgo = '2020-01-01T00:00:00.000Z'
    const oldInbox = `insert into handoff_inbox (group_name, source, id, done_at) values ('old', '/test', $1, '${longAgo}')`
    const oldStart = `insert into handoff_starts (group_name, source, id, replays, starts, started_at) values ('old', '/test', $1, 0, 2, '${longAgo}')`
    const oldPrint = `insert into handoff_idempotency (id, fingerprint, created_at) values ($1, 'print', '${longAgo}')`

    it('deletes what is older than its age, in as many batches as it takes, and nothing else', async () => {
      const ids = Array.from({ length: 1_203 }, () => randomUUID())
      const fresh = newStartsKey()
      await opened().apply(
        fresh,
        ids.flatMap((id) => [
          { sql: oldInbox, params: [id] },
          { sql: oldPrint, params: [id] },
        ]),
      )
      await opened().apply(newKey(), [{ sql: oldStart, params: [randomUUID()] }])
      await opened().noteStart(fresh, 1)
      const reserved = randomUUID()
      await opened().reserve(reserved, 'print')

      await expect(
        opened().clean({ inboxSeconds: hour, fingerprintSeconds: 1e9, firingSeconds: 1e9 }, signal),
      ).resolves.toBe(ids.length + 1)
      await expect(
        opened().clean({ inboxSeconds: hour, fingerprintSeconds: hour, firingSeconds: 1e9 }, signal),
      ).resolves.toBe(ids.length)
      await expect(
        opened().clean({ inboxSeconds: hour, fingerprintSeconds: hour, firingSeconds: 1e9 }, signal),
      ).resolves.toBe(0)
      await expect(opened().isDone(fresh)).resolves.toBe(true)
      await expect(opened().trace(fresh)).resolves.toMatchObject({ starts: 1 })
      await expect(opened().reserve(reserved, 'print')).resolves.toEqual({ kind: 'same', acceptedAs: undefined })
    })

    it('stops between two batches when it is told to', async () => {
      const ids = Array.from({ length: 1_100 }, () => randomUUID())
      await opened().apply(
        newKey(),
        ids.map((id) => ({ sql: oldInbox, params: [id] })),
      )
      const ending = new AbortController()
      const cleaning = opened().clean(
        { inboxSeconds: hour, fingerprintSeconds: 1e9, firingSeconds: 1e9 },
        ending.signal,
      )
      ending.abort()
      await expect(cleaning).resolves.toBe(500)
      await expect(
        opened().clean({ inboxSeconds: hour, fingerprintSeconds: 1e9, firingSeconds: 1e9 }, signal),
      ).resolves.toBe(600)
    })
  })
}
