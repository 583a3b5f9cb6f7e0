import { findOnPath } from './find-rabbitmq-server'
import { runCommand } from './run-command'

const installWithinMs = 10 * 60_000

/** Half a sentence that says why the package cannot be installed by us, or undefined where it can. */
export function whyNotInstallable(): string | undefined {
  if (findOnPath('apt-get') === undefined) return 'there is no apt-get to install rabbitmq-server with'
  return process.getuid?.() === 0 ? undefined : 'installing rabbitmq-server needs root'
}

/** Installs rabbitmq-server with apt-get; rejects with apt's last word. */
export async function installRabbitmq(say: (line: string) => void): Promise<void> {
  say('installing rabbitmq-server with apt-get; where there is an init, this also starts a node on port 5672')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env, timeoutMs: installWithinMs })
  await apt('update')
  await apt('install', '--yes', '--no-install-recommends', 'rabbitmq-server')
}
