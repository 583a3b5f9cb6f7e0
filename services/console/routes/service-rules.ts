import type { RoutesFileView, ServiceRules } from '../views/routes'
import type { ServiceView } from '../views/system'

/** What two looks of a service at the file take, and one of the console at the service. */
const takesUpMs = 10_000

/** Whether a service goes by the rules of the console, which were read so long ago. */
export function serviceRules({ name, url, routes }: ServiceView, file: RoutesFileView, ageMs: number): ServiceRules {
  if (routes === undefined) return { name, url, rules: 'unknown' }
  const { hash } = routes
  const told = { name, url, ...(hash !== '' && { hash }) }
  if (hash === file.hash) return { ...told, rules: 'the same' }
  const theirs = hash === '' ? 'no routes file' : `other rules (${hash})`
  const ours = file.hash === '' ? 'none' : `${file.name} (${file.hash})`
  const isFresh = file.hash !== '' && ageMs < takesUpMs
  const wayOut = isFresh
    ? 'The file was just read here; a service takes up a change within seconds.'
    : 'Give all of them the same file by ROUTES_FILE. A service that finds a mistake in it keeps the rules of before, and says so in its check "routes".'
  return {
    ...told,
    rules: 'others',
    words: `The ${name} at ${url} goes by ${theirs}, the console by ${ours}. ${wayOut}`,
  }
}
