import { runCommand } from '../../../scripts/broker/run-command'

/** The image that testcontainers starts beside the first container, to clear up after a run that was killed. */
const reaperImage = 'testcontainers/ryuk:0.14.0'

/** Without its reaper's image testcontainers starts nothing at all; then it must go without, and the teardown clears up. */
export async function withoutMissingReaper(): Promise<void> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] !== undefined) return
  const has = (...args: string[]) =>
    runCommand('docker', args).then(
      () => true,
      () => false,
    )
  const found = (await has('image', 'inspect', reaperImage)) || (await has('pull', '--quiet', reaperImage))
  if (!found) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
}
