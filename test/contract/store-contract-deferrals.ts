import { randomUUID } from 'node:crypto'
import type { Store } from '../../shared/store/store'

const day = 86_400_000

/** What waits: who decides first whether it is delivered. */
export function deferralsContract(opened: () => Store): void {
  const newDeferral = (dueAtMs = Date.now() + day) => ({ source: '/test', id: randomUUID(), dueAtMs })
  const { signal } = new AbortController()
  const clean = (inboxSeconds: number) =>
    opened().clean({ inboxSeconds, fingerprintSeconds: 1e9, firingSeconds: 1e9 }, signal)

  describe('a message that waits', () => {
    it('is cancelled, as often as that is asked, and never delivered then', async () => {
      const { deferrals } = opened()
      const deferral = newDeferral()
      await deferrals.defer(deferral)
      for (let times = 0; times < 2; times++) expect(await deferrals.cancel(deferral, undefined)).toBe('cancelled')
      await deferrals.defer(deferral)
      expect(await deferrals.claim(deferral)).toBe('cancelled')
    })

    it('is claimed by every group that takes it, and cancelled no more', async () => {
      const { deferrals } = opened()
      const deferral = newDeferral()
      await deferrals.defer(deferral)
      for (let times = 0; times < 2; times++) expect(await deferrals.claim(deferral)).toBe('due')
      expect(await deferrals.cancel(deferral, deferral.dueAtMs)).toBe('due')
    })

    it('is claimed without a note, and cancelled without one by who knows when it is due', async () => {
      const { deferrals } = opened()
      const [unnoted, known] = [newDeferral(), newDeferral()]
      expect(await deferrals.cancel(unnoted, undefined)).toBe('unknown')
      expect(await deferrals.claim(unnoted)).toBe('due')
      expect(await deferrals.cancel(known, known.dueAtMs)).toBe('cancelled')
      expect(await deferrals.claim(known)).toBe('cancelled')
    })

    it('is either delivered or cancelled when both are asked at once, and everybody hears the same', async () => {
      const { deferrals } = opened()
      for (let round = 0; round < 20; round++) {
        const deferral = newDeferral()
        if (round % 2 === 0) await deferrals.defer(deferral)
        const answers = await Promise.all([
          deferrals.claim(deferral),
          deferrals.cancel(deferral, deferral.dueAtMs),
          deferrals.claim(deferral),
        ])
        expect(new Set(answers).size).toBe(1)
      }
    })

    it('is another one with another source', async () => {
      const { deferrals } = opened()
      const deferral = newDeferral()
      await deferrals.cancel(deferral, deferral.dueAtMs)
      expect(await deferrals.claim({ ...deferral, source: '/other' })).toBe('due')
    })

    it('is forgotten some time after it was due, and not before', async () => {
      const { deferrals } = opened()
      const [long, soon, later] = [newDeferral(Date.now() - 60 * day), newDeferral(Date.now() - day), newDeferral()]
      for (const deferral of [long, soon, later]) await deferrals.cancel(deferral, deferral.dueAtMs)
      await clean((30 * day) / 1_000)
      expect(await deferrals.cancel(long, undefined)).toBe('unknown')
      for (const deferral of [soon, later]) expect(await deferrals.cancel(deferral, undefined)).toBe('cancelled')
    })
  })
}
