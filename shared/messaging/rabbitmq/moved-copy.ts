import type { Message, Options } from 'amqplib'
import { carried } from './copies'
import { historyOf } from './history'
import type { OfGroup } from './predecessor'
import { asItCame, readDeadLetter } from './read-dead-letter'
import { identityHeaders, typeOfBare } from './wire'

/**
 * Properties of the copy that takes a message's place in the successor of its queue: known as the same, and with all
 * that was written on it. What the broker noted itself does not travel (3.10 counts on with it), and is put into our words.
 */
export function movedProperties(message: Message, { topology, place, there }: OfGroup, now: string): Options.Publish {
  const came = asItCame(message)
  const { expiration, contentType } = message.properties as { expiration?: string; contentType?: string }
  return {
    ...carried(message, typeOfBare(came, topology, contentType)),
    // Of the exact delay; anywhere else it would drop the copy.
    ...(there === 'waiting' && expiration !== undefined && { expiration }),
    headers: {
      ...travelling(message),
      ...identityHeaders(came),
      ...(place === 'dead' ? deathOf(message, topology) : historyOfWork(message, now)),
    },
  }
}

/** CC and BCC would send the copy to further queues. */
function travelling({ properties }: Message): Record<string, unknown> {
  const entries = Object.entries(properties.headers ?? {})
  return Object.fromEntries(entries.filter(([name]) => !/^(x-|CC$|BCC$)/.test(name)))
}

/** The way by which it first came, unless it has been put back before; and its returns, which the broker forgets. */
function historyOfWork(message: Message, now: string): Record<string, unknown> {
  const { route, returns } = historyOf(message, now)
  return { 'handoff-route': route, ...(returns > 0 && { 'handoff-returns': returns }) }
}

function deathOf(message: Message, topology: OfGroup['topology']): Record<string, unknown> {
  const { reason, deadAt, route } = readDeadLetter(message, topology)
  const known = { 'handoff-reason': reason, 'handoff-dead-at': deadAt, 'handoff-route': route }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}
