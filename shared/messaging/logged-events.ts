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
  const isNew = onceEach()
  return {
    linkChanged: (link) => {
      if (isNews(link) && isNew(link)) tellLink(logger, link)
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

/** A broker that stays away is one piece of news, and so is each host of a cluster, however often we look for them. */
function onceEach(): (link: LinkStatus) => boolean {
  const told = new Map<string, { readonly state: LinkStatus['state']; readonly details: Set<string> }>()
  return ({ name, state, detail }) => {
    const last = told.get(name)
    const details = last?.state === state ? last.details : new Set<string>()
    if (details.has(detail)) return false
    told.set(name, { state, details: details.add(detail) })
    return true
  }
}

function isNews({ state }: LinkStatus): boolean {
  return state === 'ready' || state === 'down'
}

function tellLink(logger: EventLogger, { name, state, detail, priorities }: LinkStatus): void {
  const fields = { link: name, state, detail }
  if (state === 'ready')
    logger.info({ ...fields, ...(priorities !== undefined && { priorities }) }, 'connected to the broker')
  else logger.warn(fields, 'no connection to the broker')
}
