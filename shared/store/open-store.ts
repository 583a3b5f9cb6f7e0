import { heedRoom } from './heed-room'
import type { Store } from './store'
import { openPostgres } from './postgres/open-postgres'
import { openSqlite } from './sqlite/open-sqlite'
import { untilClosed } from './until-closed'

export interface StoreOptions {
  /** `sqlite:PATH` (relative to the working directory) or `postgres://…`. */
  readonly url: string
  /** Folders with the application's numbered `.sql` files, which both databases must understand. */
  readonly migrations: readonly string[]
}

/**
 * Opens the database, brings its tables up to date and answers with the store; several processes may do so at once.
 * Rejects with {@link StoreUnavailable} when the database is away, and with an error that names the file when a
 * migration fails. No error repeats the URL, because it may hold a password.
 */
export async function openStore({ url, migrations }: StoreOptions): Promise<Store> {
  return untilClosed(heedRoom(await openAdapter(url, migrations)))
}

function openAdapter(url: string, migrations: readonly string[]): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? ''
  switch (scheme) {
    case 'sqlite':
      return openSqlite(url.slice('sqlite:'.length), migrations)
    case 'postgres':
    case 'postgresql':
      return openPostgres(url, migrations)
    default: {
      const found = scheme === '' ? 'no scheme' : `the scheme "${scheme}:"`
      throw new Error(`The store URL has ${found}: use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE`)
    }
  }
}
