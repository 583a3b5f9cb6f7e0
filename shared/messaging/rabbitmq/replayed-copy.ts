import type { Message, Options } from 'amqplib'
import type { GroupTopology } from '../transport'
import { carried, foreignHeaders } from './copies'
import { replayedAttempt } from './history'
import { asItCame, readDeadLetter } from './read-dead-letter'
import { identityHeaders } from './wire'

/**
 * Properties of the copy of a dead letter that is tried again: known as the same message, so that the inbox recognises
 * it, and without its death, so that its attempts begin at 1. How often it was replayed stays on it, through the next
 * death too.
 */
export function replayProperties(message: Message, group: GroupTopology): Options.Publish {
  const { type, firstSeen, route, replays, headers } = readDeadLetter(message, group)
  return {
    ...carried(message, type),
    headers: {
      ...foreignHeaders(message),
      ...identityHeaders(asItCame(message)),
      ...(firstSeen === undefined ? {} : { 'handoff-first-seen': firstSeen }),
      ...(route === undefined ? {} : { 'handoff-route': route }),
      'handoff-replays': replays + 1,
      ...replayedAttempt(headers),
    },
  }
}
