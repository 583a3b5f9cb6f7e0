import type { Counters, FoundObject } from '../../../shared/messaging/broker-objects'
import type { Rates } from '../views/topology'
import type { CountedRates } from './seen-topology'
import { idOf } from './topology-nodes'

/** The broker's counters at a look. */
export interface CountedLook {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of each object that was there, by the id of its node. */
  readonly counters: ReadonlyMap<string, Counters>
  /** Whether the broker told any: where it does, what it does not tell of is at 0. */
  readonly tells: 'counters' | 'none'
}

/** The broker counts every few seconds: between two looks alone, a steady flow would seem to leap. */
const keptMs = 16_000

/** The looks with one more, the newest last: those of the last seconds, and in any case the one before. */
export function withLook(
  looks: readonly CountedLook[],
  { at, objects }: { readonly at: number; readonly objects: readonly FoundObject[] },
): readonly CountedLook[] {
  const earlier = looks.filter((look) => look.at < at)
  const kept = earlier.filter((look, index) => look.at >= at - keptMs || index === earlier.length - 1)
  const counters = new Map(objects.map((object) => [idOf(object), object.counters ?? {}]))
  const tells = objects.some((object) => object.counters !== undefined) ? 'counters' : 'none'
  return [...kept, { at, counters, tells }]
}

/** Undefined before there were two looks. */
export function countedRates(looks: readonly CountedLook[]): CountedRates | undefined {
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined || first === last) return undefined
  const ids = [...last.counters.keys()]
  return {
    seconds: (last.at - first.at) / 1_000,
    byId: new Map(ids.map((id) => [id, { ...rateOf(looks, id, 'in'), ...rateOf(looks, id, 'out') }])),
  }
}

/** By the rise of a counter since it last fell: one that falls was begun anew, as by a restart, and how far it had come is lost. */
function rateOf(looks: readonly CountedLook[], id: string, which: keyof Counters): Rates {
  const told = looks.flatMap(({ at, counters, tells }) => {
    const value = counters.get(id)?.[which] ?? (tells === 'counters' && counters.has(id) ? 0 : undefined)
    return value === undefined ? [] : [{ at, value }]
  })
  const fell = told.findLastIndex(({ value }, index) => value < (told[index - 1]?.value ?? value))
  const [first, last] = [told[Math.max(0, fell)], told.at(-1)]
  if (first === undefined || last === undefined || first === last || last.at !== looks.at(-1)?.at) return {}
  return { [which]: (1_000 * (last.value - first.value)) / (last.at - first.at) }
}
