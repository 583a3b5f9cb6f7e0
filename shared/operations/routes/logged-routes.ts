import type { RoutedPublishing } from './routed-publishing'
import type { RoutesFileEvents } from './routes-file'
import type { RoutesMetrics } from './routes-metrics'

export interface RoutesLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

interface LoggedRoutes {
  readonly path: string
  readonly logger: RoutesLogger
  readonly metrics: RoutesMetrics
}

/** Tells of each change of the rules in a line. */
export function routesNews({ path, logger }: Pick<LoggedRoutes, 'path' | 'logger'>): RoutesFileEvents {
  return {
    applied: ({ hash, rules }, changes) =>
      logger.info({ path, hash, rules: rules.length, ...changes }, 'routing rules are in effect'),
    refused: (lines) =>
      logger.error({ path, mistakes: lines }, 'the routes file cannot be used; the rules stay as they were'),
  }
}

/** Tells of each change of the rules in a line, counts all that rules do, and tells of a rule's trouble once until they change. */
export function loggedRoutes({ path, logger, metrics }: LoggedRoutes): {
  readonly events: RoutesFileEvents
  readonly decided: RoutedPublishing['decided']
} {
  const troubled = new Set<string>()
  const news = routesNews({ path, logger })
  return {
    events: {
      applied: (set, changes) => {
        troubled.clear()
        metrics.info.reset()
        metrics.info.set({ hash: set.hash }, 1)
        metrics.reloaded.inc({ result: 'applied' })
        news.applied(set, changes)
      },
      refused: (lines) => {
        metrics.reloaded.inc({ result: 'refused' })
        news.refused(lines)
      },
    },
    decided: ({ acts, troubles }, { id, type }) => {
      for (const act of acts) metrics.routed.inc({ ...act })
      for (const { rule, because } of troubles) {
        metrics.routed.inc({ rule, action: 'none' })
        if (troubled.has(rule)) continue
        troubled.add(rule)
        logger.warn(
          { rule, because, messageId: id, type },
          'a routing rule cannot be asked or followed; it, or its delay or priority, is left out',
        )
      }
    },
  }
}
