import type { LinkStatus, TransportEvents } from './transport'

export interface EventLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface EventCounters {
  readonly reconnects: { inc(): void }
  readonly topologyRecreated: { inc(): void }
  /** Only a service that consumes has any. */
  readonly staleSettles?: { inc(labels: { readonly group: string }): void }
}

/** Tells what a transport goes through: one log line per change, not per message or per attempt, and a count. */
export function loggedEvents(logger: EventLogger, counters: EventCounters): TransportEvents {
  const told = new Map<string, string>()
  return {
    linkChanged: (link) => {
      const news = `${link.state} ${link.detail}`
      // A broker that stays away is one piece of news, however often we look for it.
      if (isNews(link) && told.get(link.name) !== news) tellLink(logger, link)
      if (isNews(link)) told.set(link.name, news)
    },
    reconnected: (name) => {
      counters.reconnects.inc()
      logger.info({ name }, 'back in use after a loss')
    },
    recreated: (object) => {
      counters.topologyRecreated.inc()
      logger.error({ object }, 'had existed and was gone from the broker; made again, its messages may be lost')
    },
    unroutable: (type) =>
      logger.error({ messageType: type }, 'no queue is bound for a command that should have one; declaring all again'),
    staleSettle: (group) => {
      counters.staleSettles?.inc({ group })
      logger.warn({ group }, 'a delivery was no longer ours to settle; the broker delivers it again')
    },
    fault: (what, detail) => logger.warn({ detail }, what),
  }
}

function isNews({ state }: LinkStatus): boolean {
  return state === 'ready' || state === 'down'
}

function tellLink(logger: EventLogger, { name, state, detail }: LinkStatus): void {
  const fields = { link: name, state, detail }
  if (state === 'ready') logger.info(fields, 'connected to the broker')
  else logger.warn(fields, 'no connection to the broker')
}
