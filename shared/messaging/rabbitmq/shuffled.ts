import type { Random } from '../../runtime/backoff'

/** The same items in an order of chance, each order as likely as any other. A `random` that stays near 1 changes nothing. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items]
  for (let place = left.length - 1; place > 0; place--) {
    const [taken] = left.splice(Math.floor(random() * (place + 1)), 1)
    left.splice(place, 0, taken as T)
  }
  return left
}
