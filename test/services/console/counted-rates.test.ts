import type { Counters, FoundObject } from '../../../shared/messaging/broker-objects'
import { countedRates, withLook, type CountedLook } from '../../../services/console/topology/counted-rates'

const queue = (counters?: Counters): FoundObject => ({
  ...{ kind: 'queue', name: 'mail', facts: {} },
  ...(counters !== undefined && { counters }),
})
/** So that the broker is known to count. */
const busy: FoundObject = { kind: 'exchange', name: 'events', facts: {}, counters: { in: 1 } }

/** The rates after looks of five seconds each, at which the queue's counters stood so. */
function after(...counters: readonly (Counters | undefined)[]) {
  return countedRates(looksAt(counters.map((each, index) => [index * 5_000, each])))
}

function looksAt(looks: readonly (readonly [number, Counters | undefined])[], others: readonly FoundObject[] = [busy]) {
  return looks.reduce<readonly CountedLook[]>(
    (known, [at, counters]) => withLook(known, { at, objects: [queue(counters), ...others] }),
    [],
  )
}

const mail = (rates: ReturnType<typeof countedRates>) => rates?.byId.get('queue mail')

test('one look tells no rate; two tell what came and went between them', () => {
  expect(after({ in: 10, out: 4 })).toBeUndefined()
  const rates = after({ in: 10, out: 4 }, { in: 60, out: 14 })
  expect(rates?.seconds).toBe(5)
  expect(mail(rates)).toEqual({ in: 10, out: 2 })
  expect(mail(after({ in: 10, out: 4 }, { in: 10, out: 4 }))).toEqual({ in: 0, out: 0 })
})

test('a counter that fell was begun anew, and tells nothing of what was before; never a rate below 0', () => {
  expect(mail(after({ in: 5_000 }, { in: 5_050 }, { in: 7 }))).toEqual({ out: 0 })
  expect(mail(after({ in: 5_000 }, { in: 5_050 }, { in: 7 }, { in: 27 }))).toEqual({ in: 4, out: 0 })
})

test('what the broker does not tell of is at 0 while it tells of others, and unknown while it tells of none', () => {
  expect(mail(after(undefined, { in: 20 }))).toEqual({ in: 4, out: 0 })
  const silent = looksAt([[0, undefined]], [])
  expect(mail(countedRates(withLook(silent, { at: 5_000, objects: [queue({ in: 1_000_000 })] })))).toEqual({})
  expect(
    mail(
      countedRates(
        looksAt(
          [
            [0, {}],
            [5_000, undefined],
          ],
          [],
        ),
      ),
    ),
  ).toEqual({})
})

test('it reckons over the last seconds, and over a longer pause only where nothing else was seen', () => {
  const looks = looksAt([0, 5_000, 10_000, 15_000, 20_000, 25_000].map((at) => [at, { in: at }]))
  expect(looks.map(({ at }) => at)).toEqual([10_000, 15_000, 20_000, 25_000])
  const paused = looksAt([
    [0, { in: 0 }],
    [40_000, { in: 80 }],
  ])
  expect(mail(countedRates(paused))).toEqual({ in: 2, out: 0 })
})

test('a clock that was set back begins anew', () => {
  const looks = looksAt([
    [50_000, { in: 0 }],
    [10_000, { in: 80 }],
  ])
  expect(countedRates(looks)).toBeUndefined()
})
