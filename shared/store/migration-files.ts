import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { isNativeError } from 'node:util/types'
import { StoreUnavailable } from './store'

/** One numbered `.sql` file. `folder` and `name` say what has run, so renaming either runs the file again. */
export interface MigrationFile {
  /** The last two names of the folder's path, so that sources and build agree: `consumer/migrations`. */
  readonly folder: string
  readonly name: string
  readonly sql: string
}

/** How long a process waits for another one that is migrating the same database. */
export const migrationPatienceMs = 60_000

/** Reads the folders in the given order, each by file number. A folder that is missing or has a stray `.sql` rejects. */
export async function readMigrations(folders: readonly string[]): Promise<readonly MigrationFile[]> {
  return (await Promise.all(folders.map(readFolder))).flat()
}

/** Names the file that failed; still StoreUnavailable when the database went away meanwhile. */
export function migrationFailed({ folder, name }: MigrationFile, cause: unknown): Error {
  const reason = isNativeError(cause) ? cause.message : String(cause)
  const message = `The migration ${folder}/${name} failed: ${reason}. Nothing of this file was kept.`
  return cause instanceof StoreUnavailable ? new StoreUnavailable(message, { cause }) : new Error(message, { cause })
}

async function readFolder(path: string): Promise<MigrationFile[]> {
  const names = await sqlNames(path)
  const folder = `${basename(dirname(resolve(path)))}/${basename(resolve(path))}`
  return Promise.all(names.map(async (name) => ({ folder, name, sql: await readFile(resolve(path, name), 'utf8') })))
}

async function sqlNames(path: string): Promise<string[]> {
  const entries = await readdir(path).catch((cause: unknown) => {
    throw new Error(`The migrations folder ${path} cannot be read: ${(cause as Error).message}`, { cause })
  })
  const names = entries.filter((name) => name.endsWith('.sql')).sort()
  const stray = names.find((name) => !/^\d{3}-/.test(name))
  if (stray !== undefined) throw new Error(`The migration ${path}/${stray} has no number: name it like 001-orders.sql`)
  return names
}
