import { createDatabase, postgresAnswers } from '../contract/store-test-database'
import { atEnd } from './ends'

const hint = ' (skipped: no PostgreSQL answers; start one or set POSTGRES_TEST_URL)'

/** Describes tests that need a PostgreSQL server; where none answers they are skipped, and their name says why. */
export function onPostgres(tests: () => void): void {
  if (postgresAnswers()) describe('PostgreSQL', tests)
  else describe.skip(`PostgreSQL${hint}`, tests)
}

/** The URL of an empty database, which is dropped at the end of the test or file. */
export async function freshDatabase(): Promise<string> {
  const { url, drop } = await createDatabase()
  atEnd(drop)
  return url
}
