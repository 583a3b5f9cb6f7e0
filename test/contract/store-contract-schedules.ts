import { randomUUID } from 'node:crypto'
import type { FiringKey } from '../../shared/store/firing-table'
import type { Store } from '../../shared/store/store'
import { newKey } from './store-effects'

const minute = (number: number) => new Date(Date.UTC(2026, 0, 1, 3, number)).toISOString()

/** Which planned times of schedules have been fired, and who is at it. */
export function schedulesContract(opened: () => Store): void {
  const newSchedule = () => ({ namespace: 'test', schedule: randomUUID() })
  const newFiring = (): FiringKey => ({ ...newSchedule(), plannedAt: minute(0) })
  const watch = (key: ReturnType<typeof newSchedule>, now: string, plan = '0 3 * * *') =>
    opened().firings.watch(key, { plan, now })
  const claim = (firing: FiringKey, by: string) => opened().firings.claim(firing, by)
  const end = (firing: FiringKey, by: string, outcome: 'fired' | 'missed' = 'fired') =>
    opened().firings.end(firing, by, outcome)
  // As after half a minute; both databases keep the time in seconds since 1970.
  const endClaim = ({ schedule }: FiringKey) =>
    opened().apply(newKey(), [
      { sql: 'update handoff_firings set claimed_until = 0 where schedule = $1', params: [schedule] },
    ])

  describe('a firing of a schedule', () => {
    it('is claimed by one of many who come at once', async () => {
      const firings = Array.from({ length: 20 }, newFiring)
      for (const firing of firings) {
        const claims = await Promise.all(Array.from({ length: 10 }, (_, by) => claim(firing, `producer-${by}`)))
        expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
        expect(claims.filter(({ kind }) => kind === 'held')).toHaveLength(9)
      }
    })

    it('is held for half a minute, and may be claimed again by who has it', async () => {
      const firing = newFiring()
      await claim(firing, 'a')
      const held = await claim(firing, 'b')
      expect(held).toEqual({ kind: 'held', forMs: expect.any(Number) as number })
      const { forMs } = held as { forMs: number }
      expect(forMs).toBeGreaterThan(10_000)
      expect(forMs).toBeLessThanOrEqual(30_000)
      await endClaim(firing)
      expect(await claim(firing, 'a')).toEqual({ kind: 'claimed' })
      expect(await claim(firing, 'b')).toMatchObject({ kind: 'held' })
    })

    it('is taken over when the claim has ended, by one of many', async () => {
      const firing = newFiring()
      await claim(firing, 'dead')
      await endClaim(firing)
      const claims = await Promise.all(['a', 'b', 'c'].map((by) => claim(firing, by)))
      expect(claims.map(({ kind }) => kind).sort()).toEqual(['claimed', 'held', 'held'])
    })

    it('is taken over at once when it was given up, which only who has it can do', async () => {
      const firing = newFiring()
      await claim(firing, 'a')
      await opened().firings.release(firing, 'b')
      expect(await claim(firing, 'b')).toMatchObject({ kind: 'held' })
      await opened().firings.release(firing, 'a')
      expect(await claim(firing, 'b')).toEqual({ kind: 'claimed' })
      await end(firing, 'b')
      await opened().firings.release(firing, 'b')
      expect(await claim(firing, 'a')).toEqual({ kind: 'ended' })
    })

    it('is claimed by nobody once it has ended, whatever became of it', async () => {
      const [fired, missed] = [newFiring(), newFiring()]
      for (const [firing, outcome] of [
        [fired, 'fired'],
        [missed, 'missed'],
      ] as const) {
        await claim(firing, 'a')
        expect(await end(firing, 'a', outcome)).toBe(true)
        await endClaim(firing)
        for (const by of ['a', 'b']) expect(await claim(firing, by)).toEqual({ kind: 'ended' })
      }
    })

    it('ends once: as fired by whoever fired it, as missed by who has it alone', async () => {
      const firing = newFiring()
      await claim(firing, 'paused')
      await endClaim(firing)
      await claim(firing, 'b')
      expect(await end(firing, 'paused', 'missed')).toBe(false)
      expect(await end(firing, 'paused', 'fired')).toBe(true)
      expect(await end(firing, 'b', 'missed')).toBe(false)
      expect(await end(firing, 'b', 'fired')).toBe(false)
    })

    it('is one for each time, schedule and namespace', async () => {
      const firing = newFiring()
      const others = [
        firing,
        { ...firing, plannedAt: minute(1) },
        { ...firing, schedule: randomUUID() },
        { ...firing, namespace: 'other' },
      ]
      for (const each of others) expect(await claim(each, randomUUID())).toEqual({ kind: 'claimed' })
    })
  })

  describe('a schedule', () => {
    it('is kept since it was seen first, and anew with another plan', async () => {
      const key = newSchedule()
      expect(await watch(key, minute(1))).toEqual({ since: minute(1), latest: undefined })
      expect(await watch(key, minute(2))).toEqual({ since: minute(1), latest: undefined })
      expect(await watch(key, minute(3), '@daily')).toEqual({ since: minute(3), latest: undefined })
      expect(await watch(key, minute(4), '@daily')).toMatchObject({ since: minute(3) })
    })

    it('is kept since one moment, whoever comes at once', async () => {
      const key = newSchedule()
      const watched = await Promise.all(Array.from({ length: 10 }, (_, number) => watch(key, minute(number))))
      expect(new Set(watched.map(({ since }) => since)).size).toBe(1)
    })

    it('tells of its latest firing until now, and of what became of it', async () => {
      const key = newSchedule()
      await watch(key, minute(0))
      const at = (number: number) => ({ ...key, plannedAt: minute(number) })
      for (const number of [9, 1, 5]) await claim(at(number), 'a')
      await end(at(1), 'a')
      const latest = async (number: number) => (await watch(key, minute(number))).latest
      expect(await latest(0)).toBeUndefined()
      expect(await latest(4)).toEqual({ plannedAt: minute(1), outcome: 'fired' })
      expect(await latest(5)).toEqual({ plannedAt: minute(5), outcome: undefined })
      await end(at(5), 'a', 'missed')
      expect(await latest(8)).toEqual({ plannedAt: minute(5), outcome: 'missed' })
      expect(await latest(9)).toEqual({ plannedAt: minute(9), outcome: undefined })
    })

    it('keeps its latest firing when old ones are cleaned', async () => {
      const [key, other] = [newSchedule(), newSchedule()]
      const days = (ago: number) => new Date(Date.now() - ago * 24 * 3_600_000).toISOString()
      const ages = { inboxSeconds: 1e9, fingerprintSeconds: 1e9, firingSeconds: 30 * 24 * 3_600 }
      const clean = () => opened().clean(ages, new AbortController().signal)
      await clean()
      const fire = async (of: typeof key, ago: number) => {
        const firing = { ...of, plannedAt: days(ago) }
        await claim(firing, 'a')
        await end(firing, 'a')
      }
      for (const ago of [40, 31, 29, 1]) await fire(key, ago)
      for (const ago of [60, 50]) await fire(other, ago)
      expect(await clean()).toBe(3)
      const left = async ({ schedule }: typeof key) => {
        const rows = await opened().query('select planned_at from handoff_firings where schedule = $1', [schedule])
        return rows.length
      }
      expect([await left(key), await left(other)]).toEqual([2, 1])
      expect((await watch(other, days(0))).latest).toMatchObject({ outcome: 'fired' })
    })
  })
}
