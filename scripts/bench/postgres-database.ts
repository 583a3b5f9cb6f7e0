import { createOwnedDatabase } from '../postgres/owned-database'
import type { TemporaryDatabase } from '../postgres/temporary-database'

/** Where the tests look as well. */
const defaultUrl = 'postgres://postgres@127.0.0.1:5432/test'

/**
 * An empty database on the server of `given`, or else on the one of this machine; undefined where that does not answer.
 * Those that earlier runs left behind when they were killed are dropped.
 */
export async function temporaryDatabase(given: string | undefined): Promise<TemporaryDatabase | undefined> {
  try {
    return await createOwnedDatabase(given ?? defaultUrl, 'handoff_bench_')
  } catch (error) {
    if (given === undefined) return undefined
    throw new Error(`POSTGRES_TEST_URL cannot be used: ${(error as Error).message}`, { cause: error })
  }
}
