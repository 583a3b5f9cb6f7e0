import type { Hands } from './hands'

/** What was, and what would be, in the same words. */
export type Sides = readonly [before: string, after: string]

/** Each fact in which two ways differ: `ledger, mail` and `mail`, `no delay` and `delay 30 s`. */
export function changeWords(from: Hands, to: Hands): readonly Sides[] {
  const facts: readonly Sides[] = [
    [placeOf(from), placeOf(to)],
    [told('delay', from.delaySeconds, ' s'), told('delay', to.delaySeconds, ' s')],
    [told('key', from.partitionKey), told('key', to.partitionKey)],
    [told('priority', from.priority), told('priority', to.priority)],
  ]
  return facts.filter(([one, other]) => one !== other)
}

function placeOf({ groups, droppedBy }: Hands): string {
  if (droppedBy !== null) return `dropped by "${droppedBy}"`
  return groups.length === 0 ? 'nobody' : groups.join(', ')
}

function told(what: string, value: string | number | null, unit = ''): string {
  return value === null ? `no ${what}` : `${what} ${value}${unit}`
}
