import type { Random } from '../../runtime/backoff'
import { parseAddresses, type TlsFiles } from './address'
import { MajorityWatch } from './majority-watch'
import { Session, type SessionOptions } from './session'

/** Whose connection it is, and where it leads. */
export interface Connecting {
  /** One URL or a comma-separated list of the hosts of a cluster. */
  readonly url: string
  /** The service's name. */
  readonly name: string
  readonly tls: TlsFiles
  readonly random: Random
}

export interface NewSession extends Pick<SessionOptions, 'prepare' | 'events'> {
  /** What the connection is for: part of its name at the broker. */
  readonly role: string
  /** An exchange that is bound to the queue of the same name by what `prepare` declares. */
  readonly bound: string
}

/** A session with the hosts that the options name, not started yet. */
export function newSession({ url, name, tls, random }: Connecting, { role, bound, ...own }: NewSession): Session {
  const addresses = parseAddresses(url)
  const session = new Session({ name: `${name}-${role}`, addresses, tls, random, ...own })
  // With one host there is nowhere else to go.
  if (addresses.length > 1) void session.keep(new MajorityWatch({ exchange: bound, queue: bound, routingKey: '' }))
  return session
}
