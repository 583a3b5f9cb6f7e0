import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './ends'

/** The path of a fresh spool, for a producer and whoever follows it; deleted at the end of the test or file. */
export async function temporarySpool(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-spool-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'spool')
}
