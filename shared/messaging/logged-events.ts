import type { LinkStatus, TransportEvents } from './transport'

export interface EventLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface EventCounters {
  readonly reconnects: { inc(): void }
  readonly topologyRecreated: { inc(): void }
  readonly staleSettles: { inc(): void }
}

/** Tells what a transport goes through: one log line per change of state, not per message, and a count. */
export function loggedEvents(logger: EventLogger, counters: EventCounters): TransportEvents {
  return {
    linkChanged: (link) => tellLink(logger, link),
    reconnected: (name) => {
      counters.reconnects.inc()
      logger.info({ name }, 'back in use after a loss')
    },
    recreated: (object) => {
      counters.topologyRecreated.inc()
      logger.error({ object }, 'had existed and was gone from the broker; made again, its messages may be lost')
    },
    staleSettle: (group) => {
      counters.staleSettles.inc()
      logger.warn({ group }, 'a delivery was no longer ours to settle; the broker delivers it again')
    },
    fault: (what, detail) => logger.warn({ detail }, what),
  }
}

function tellLink(logger: EventLogger, { name, state, detail }: LinkStatus): void {
  const fields = { link: name, state, detail }
  if (state === 'ready') logger.info(fields, 'connected to the broker')
  else if (state === 'down') logger.warn(fields, 'no connection to the broker')
}
