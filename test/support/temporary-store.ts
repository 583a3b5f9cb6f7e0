import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './ends'

/** The URL of a fresh SQLite store, for services that are to share one; deleted at the end of the test or file. */
export async function temporaryStoreUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-store-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return `sqlite:${join(folder, 'store.sqlite')}`
}
