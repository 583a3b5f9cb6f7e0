import { changeWords } from '../shared/operations/routes/change-words'
import type { ChangeOfHands } from '../shared/operations/routes/hands'
import { plain } from './plain'

/** One line: the event, the groups that had it and would have it, and what else changes. */
export function changeText({ id, type, from, to }: ChangeOfHands): string {
  const texts = changeWords(from, to).map(([one, other]) => `${one} → ${other}`)
  return `${plain(id)}  ${plain(type)}  ${plain(texts.join('; '))}`
}
