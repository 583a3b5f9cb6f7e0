import type { RouteSet } from '../../routing/routes/route-set'
import type { Known } from '../../routing/routes/rule-of'
import { usualRoutesFile } from './follow-routes'
import { readFileText } from './read-file'
import { RoutesFile } from './routes-file'

const nobody = { applied: () => {}, refused: () => {} }

/**
 * The rules of a file as it is now; without a name, of the usual one where it exists. Rejects with a SettingsError that has a
 * line for each mistake.
 */
export async function loadRoutes(path: string | undefined, known: Known): Promise<RouteSet> {
  const presence = path === undefined ? 'where it exists' : 'named'
  const file = await RoutesFile.open({
    path: path ?? usualRoutesFile,
    presence,
    known,
    read: readFileText,
    events: nobody,
  })
  return file.current
}
