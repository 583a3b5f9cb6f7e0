import type { SentInVain } from './send-load'

/** Why a run was not brought to its end, where messages were sent in vain; empty where none were. */
export function inVainTexts(
  { count, last }: SentInVain,
  { sent, patienceMs }: { readonly sent: number; readonly patienceMs: number },
): readonly string[] {
  if (count === 0) return []
  const answer = last === undefined ? 'there was no last answer' : `the last answer was: ${last.detail}`
  return [`${count} of ${sent} messages were not accepted within ${patienceMs / 1_000} s; ${answer}`]
}
