import type { ChangeOfHands, Hands } from '../shared/operations/routes/hands'
import { plain } from './plain'

/** One line: the event, the groups that had it and would have it, and what else changes. */
export function changeText({ id, type, from, to }: ChangeOfHands): string {
  const changes = [
    [placeOf(from), placeOf(to)],
    [told('delay', from.delaySeconds, ' s'), told('delay', to.delaySeconds, ' s')],
    [told('key', from.partitionKey), told('key', to.partitionKey)],
    [told('priority', from.priority), told('priority', to.priority)],
  ].filter(([one, other]) => one !== other)
  const texts = changes.map(([one, other]) => `${one} → ${other}`)
  return `${plain(id)}  ${plain(type)}  ${plain(texts.join('; '))}`
}

function placeOf({ groups, droppedBy }: Hands): string {
  if (droppedBy !== null) return `dropped by "${droppedBy}"`
  return groups.length === 0 ? 'nobody' : groups.join(', ')
}

function told(what: string, value: string | number | null, unit = ''): string {
  return value === null ? `no ${what}` : `${what} ${value}${unit}`
}
