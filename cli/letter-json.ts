import type { DeadLetter } from '../shared/messaging/dead-letters'
import { wholeLetter } from '../shared/operations/whole-letter'

/** A whole dead letter as one line of JSON, with what else is known of it. */
export function letterJson(letter: DeadLetter, beside?: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(wholeLetter(letter, beside))
}
