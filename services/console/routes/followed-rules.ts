import { basename, resolve } from 'node:path'
import { routesPath, watchRoutes } from '../../../shared/operations/routes/follow-routes'
import { routesNews, type RoutesLogger } from '../../../shared/operations/routes/logged-routes'
import { noRoutes, type RouteSet } from '../../../shared/routing/routes/route-set'
import type { Known } from '../../../shared/routing/routes/rule-of'
import type { Lifecycle } from '../../../shared/runtime/lifecycle'
import type { CheckResult } from '../../../shared/runtime/probes'
import type { RoutesFileView } from '../views/routes'

export interface FollowedRules {
  /** The rules of the moment. */
  readonly current: () => RouteSet
  readonly view: () => RoutesFileView
  readonly check: () => CheckResult
}

interface FollowParts {
  readonly config: { readonly ROUTES_FILE?: string }
  readonly known: Known
  readonly logger: RoutesLogger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Follows the routes file as the services do. A file that is wrong is something to show, and no reason not to start. */
export async function followRules(
  lifecycle: Lifecycle,
  { config, known, logger, now }: FollowParts,
): Promise<FollowedRules> {
  const path = routesPath(config)
  const news = routesNews({ path: resolve(path), logger })
  let since = now()
  const file = await watchRoutes(lifecycle, {
    ...{ config, known },
    ...{ signals: 'ours', opened: 'to look' },
    events: {
      ...news,
      applied: (set, changes) => {
        since = now()
        news.applied(set, changes)
      },
    },
  })
  return {
    current: () => file.current,
    view: () => ({ ...effectOf(file.current), name: basename(path), since, mistakes: nameless(file.trouble, path) }),
    check: () => file.check(),
  }
}

function effectOf(set: RouteSet): Pick<RoutesFileView, 'state' | 'hash' | 'text'> {
  if (set === noRoutes) return { state: 'none', hash: '', text: '' }
  return { state: 'in effect', hash: set.hash, text: set.text }
}

/** Where on the machine it lies is for the log alone. */
function nameless(lines: readonly string[], path: string): readonly string[] {
  return lines.map((line) => line.replaceAll(resolve(path), basename(path)).replaceAll(path, basename(path)))
}
