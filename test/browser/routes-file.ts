import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../support/ends'

export interface RoutesFileOfTest {
  readonly path: string
  readonly becomes: (text: string) => Promise<void>
}

/** A routes file in a folder of its own, until the end of the test or file. */
export async function routesFile(text: string): Promise<RoutesFileOfTest> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-routes-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'shop.routes.yaml')
  await writeFile(path, text)
  return { path, becomes: (next) => writeFile(path, next) }
}
