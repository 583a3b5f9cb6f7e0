import { Drain, type DrainEvents } from '../../../shared/forwarding/drain'
import type { Transport } from '../../../shared/messaging/transport'
import type { Random } from '../../../shared/runtime/backoff'
import type { Clock } from '../../../shared/runtime/clock'
import type { OpenedSpool } from '../../../shared/store/spool'
import { publishInTime, type Accept } from '../accept'
import { SpoolAcceptance } from './accept-by-spool'
import { spooledMessages } from './spooled-messages'

export interface AcceptingParts {
  readonly publishing: Pick<Transport, 'publish'>
  /** Whether the broker would take a message now. */
  readonly canPublish: () => boolean
  readonly events: DrainEvents
  readonly clock: Clock
  readonly random: Random
}

export interface Accepting {
  readonly accept: Accept
  /** Sends nothing more from the spool; resolves when what is being sent has a result. */
  readonly stop: () => Promise<void>
}

/** Accepts with the help of a spool, and sends what is in it, beginning with what an earlier process has left. */
export function acceptingBySpool({ spool, found }: OpenedSpool, parts: AcceptingParts): Accepting {
  const { publishing, canPublish, events, clock, random } = parts
  const drain = new Drain({ transport: publishing, canPublish, from: spooledMessages(spool), events, clock, random })
  for (const kept of found) drain.add(kept)
  const publish = publishInTime(publishing)
  const { accept } = new SpoolAcceptance({ publish, canPublish, spool, drain, clock })
  return { accept, stop: () => drain.stop() }
}
