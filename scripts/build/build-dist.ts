import { runCommand } from '../terminal/run-command'
import { buildPage } from './build-page'
import { copySql } from './copy-sql'
import { forgetMissing, removeStale } from './output'

/**
 * Makes dist/ what services/ and shared/ say: compiled, with their .sql files and the page of the console, and
 * nothing that has lost its source.
 * Rejects with the compiler's words.
 */
export async function buildDist(root: string, signal?: AbortSignal): Promise<void> {
  forgetMissing(root)
  const { failure, output } = await runCommand('tsc -p tsconfig.build.json', signal)
  if (failure !== undefined) throw new Error(`the build failed (tsc: ${failure})\n${output}`)
  copySql(root)
  removeStale(root)
  await buildPage(root, signal)
}
