import { findOnPath, findRabbitmqServer } from './find-rabbitmq-server'
import type { Search, Way } from './found-broker'
import { localBroker } from './local-broker'
import { packageBroker } from './package-broker'
import { runCommand } from './run-command'

const installWithinMs = 10 * 60_000

/** Installs rabbitmq-server on Debian and Ubuntu as root, after asking where a person can answer, and uses it. */
export async function installedBroker(search: Search): Promise<Way> {
  if (findRabbitmqServer() !== undefined) return { why: 'installing it again would change nothing' }
  if (findOnPath('apt-get') === undefined) return { why: 'there is no apt-get to install rabbitmq-server with' }
  if (process.getuid?.() !== 0) return { why: 'installing rabbitmq-server needs root' }
  if (search.ask !== undefined && !(await search.ask('No broker was found. Install rabbitmq-server with apt-get?')))
    return { why: 'rabbitmq-server was not to be installed' }
  try {
    await install(search.say)
  } catch (error) {
    return { why: `rabbitmq-server could not be installed: ${(error as Error).message}` }
  }
  // Where there is an init, Debian starts a node on the usual port as soon as the package is there.
  const local = await localBroker()
  return 'broker' in local ? local : packageBroker(search)
}

async function install(say: Search['say']): Promise<void> {
  say('installing rabbitmq-server with apt-get; where there is an init, this also starts a node on port 5672')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env, timeoutMs: installWithinMs })
  await apt('update')
  await apt('install', '--yes', '--no-install-recommends', 'rabbitmq-server')
}
