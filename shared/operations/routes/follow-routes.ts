import { resolve } from 'node:path'
import type { Known } from '../../routing/routes/rule-of'
import { systemClock } from '../../runtime/clock'
import { watchFile } from '../../runtime/file-watch'
import type { Lifecycle } from '../../runtime/lifecycle'
import { listenForReload } from '../../runtime/reload-requests'
import { loggedRoutes, type RoutesLogger } from './logged-routes'
import { readFileText } from './read-file'
import type { RoutedPublishing } from './routed-publishing'
import { RoutesFile, type RoutesFileEvents, type RoutesFileParts } from './routes-file'
import type { RoutesMetrics } from './routes-metrics'

/** Where rules are looked for that nobody has named a file of. */
export const usualRoutesFile = 'handoff.routes.yaml'

export interface WatchedRoutes {
  readonly config: { readonly ROUTES_FILE?: string }
  readonly known: Known
  readonly events: RoutesFileEvents
  /** Of the process; a program that we are embedded in has signals of its own. */
  readonly signals: 'ours' | "the program's"
  /** Who publishes refuses to start by a file that is wrong; who only looks tells of it. */
  readonly opened: 'to publish' | 'to look'
}

export interface FollowedRoutes extends Omit<WatchedRoutes, 'events' | 'opened'> {
  readonly logger: RoutesLogger
  readonly metrics: RoutesMetrics
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
  const { config, logger, metrics } = parts
  const { events, decided } = loggedRoutes({ path: resolve(routesPath(config)), logger, metrics })
  const file = await watchRoutes(lifecycle, { ...parts, events, opened: 'to publish' })
  return { current: () => file.current, check: () => file.check(), decided }
}

/** As {@link followRoutes}, for whoever hears of changes himself. Opened to look it does not reject. */
export async function watchRoutes(lifecycle: Lifecycle, parts: WatchedRoutes): Promise<RoutesFile> {
  const { config, known, signals, events, opened } = parts
  const path = routesPath(config)
  const presence = config.ROUTES_FILE === undefined ? 'where it exists' : 'named'
  const named: RoutesFileParts = { path, presence, known, read: readFileText, events }
  const file = await (opened === 'to publish' ? RoutesFile.open(named) : RoutesFile.look(named))
  const reload = () => file.reload()
  lifecycle.add('the watch of the routes file', watchFile({ path, changed: reload, clock: systemClock }))
  if (signals === 'ours')
    lifecycle.add(
      'reloading by a signal',
      listenForReload(() => void reload()),
    )
  return file
}

/** As it was named, or the usual one in the working folder. */
export function routesPath({ ROUTES_FILE }: WatchedRoutes['config']): string {
  return ROUTES_FILE ?? usualRoutesFile
}
