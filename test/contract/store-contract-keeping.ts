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
      await opened().noteStart(key)
      await opened().noteStart(key)
      await opened().noteStart({ ...key, group: 'mail' })
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 2 })
      await expect(opened().trace({ ...key, replays: 1 })).resolves.toMatchObject({ starts: 0 })
      await opened().noteEnd(key)
      await opened().noteEnd(other)
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 0 })
      await expect(opened().trace({ ...key, group: 'mail' })).resolves.toMatchObject({ starts: 1 })
    })

    it('keeps why a message was to be parked, and the starts beside it', async () => {
      const key = newStartsKey()
      await expect(opened().trace(key)).resolves.toEqual({ starts: 0, parkedAs: undefined })
      await opened().noteParked(key, 'first')
      await opened().noteStart(key)
      await opened().noteParked(key, 'second')
      await expect(opened().trace(key)).resolves.toEqual({ starts: 1, parkedAs: 'second' })
      await expect(opened().trace({ ...key, replays: 1 })).resolves.toEqual({ starts: 0, parkedAs: undefined })
    })

    it('counts all of many at once', async () => {
      const key = newStartsKey()
      await Promise.all(Array.from({ length: 20 }, () => opened().noteStart(key)))
      await expect(opened().trace(key)).resolves.toMatchObject({ starts: 20 })
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
      await opened().noteStart(fresh)
      const reserved = randomUUID()
      await opened().reserve(reserved, 'print')

      await expect(opened().clean({ inboxSeconds: hour, fingerprintSeconds: 1e9 }, signal)).resolves.toBe(
        ids.length + 1,
      )
      await expect(opened().clean({ inboxSeconds: hour, fingerprintSeconds: hour }, signal)).resolves.toBe(ids.length)
      await expect(opened().clean({ inboxSeconds: hour, fingerprintSeconds: hour }, signal)).resolves.toBe(0)
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
      const cleaning = opened().clean({ inboxSeconds: hour, fingerprintSeconds: 1e9 }, ending.signal)
      ending.abort()
      await expect(cleaning).resolves.toBe(500)
      await expect(opened().clean({ inboxSeconds: hour, fingerprintSeconds: 1e9 }, signal)).resolves.toBe(600)
    })
  })
}
