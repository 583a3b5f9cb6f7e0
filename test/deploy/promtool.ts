import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { commandExists } from '../support/command-exists'

// A run that decides over a commit has to have it.
const isMissing = !commandExists('promtool') && process.env['CI'] === undefined

/** Tests that ask promtool, skipped by name where it is missing. */
export const withPromtool = isMissing
  ? ([test.skip, ' (skipped without promtool: sudo apt-get install prometheus)'] as const)
  : ([test, ''] as const)

/** Rejects with all that it said when it finds something wrong. */
export async function promtool(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('promtool', args).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`, { cause: error })
  })
}
