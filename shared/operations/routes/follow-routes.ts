import { resolve } from 'node:path'
import type { Known } from '../../routing/routes/rule-of'
import { systemClock } from '../../runtime/clock'
import { watchFile } from '../../runtime/file-watch'
import type { Lifecycle } from '../../runtime/lifecycle'
import { listenForReload } from '../../runtime/reload-requests'
import { loggedRoutes, type RoutesLogger } from './logged-routes'
import { readFileText } from './read-file'
import type { RoutedPublishing } from './routed-publishing'
import { RoutesFile } from './routes-file'
import type { RoutesMetrics } from './routes-metrics'

/** Where rules are looked for that nobody has named a file of. */
export const usualRoutesFile = 'handoff.routes.yaml'

export interface FollowedRoutes {
  readonly config: { readonly ROUTES_FILE?: string }
  readonly known: Known
  readonly logger: RoutesLogger
  readonly metrics: RoutesMetrics
  /** Of the process; a program that we are embedded in has signals of its own. */
  readonly signals: 'ours' | "the program's"
}

/** The rules of the moment, and who hears what they decide. */
export interface Routes extends Pick<RoutedPublishing, 'current' | 'decided'> {
  readonly check: RoutesFile['check']
}

/**
 * Reads the routes file, and reads it again on SIGHUP and when it has changed, until the service stops. Rejects with a
 * SettingsError for a file that is wrong, or named and missing.
 */
export async function followRoutes(lifecycle: Lifecycle, parts: FollowedRoutes): Promise<Routes> {
  const { config, known, signals, logger, metrics } = parts
  const path = config.ROUTES_FILE ?? usualRoutesFile
  const presence = config.ROUTES_FILE === undefined ? 'where it exists' : 'named'
  const { events, decided } = loggedRoutes({ path: resolve(path), logger, metrics })
  const file = await RoutesFile.open({ path, presence, known, read: readFileText, events })
  const reload = () => file.reload()
  lifecycle.add('the watch of the routes file', watchFile({ path, changed: reload, clock: systemClock }))
  if (signals === 'ours')
    lifecycle.add(
      'reloading by a signal',
      listenForReload(() => void reload()),
    )
  return { current: () => file.current, check: () => file.check(), decided }
}
