import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { failureSignature } from '../../../shared/operations/failure-signature'

/** What a list tells of a letter: all but its body, its headers and its stack. */
export function letterFacts(letter: DeadLetter, group: string) {
  const { id, source, type, reason, error, attempts, replays, firstSeen, deadAt, route, contentType } = letter
  const facts = { id, source, type, reason, error, signature: failureSignature(letter), attempts, replays }
  return { ...facts, firstSeen, deadAt, route, contentType, ...(id !== undefined && { links: linksOf(id, group) }) }
}

function linksOf(id: string, group: string) {
  return { self: `/dead-letters/${group}/${encodeURIComponent(id.toWellFormed())}` }
}
