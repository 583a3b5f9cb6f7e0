import { findRabbitmqServer } from './find-rabbitmq-server'
import type { Search, Way } from './found-broker'
import { installRabbitmq, whyNotInstallable } from './install-rabbitmq'
import { localBroker } from './local-broker'
import { packageBroker } from './package-broker'

/** Installs rabbitmq-server on Debian and Ubuntu as root, after asking where a person can answer, and uses it. */
export async function installedBroker(search: Search): Promise<Way> {
  if (findRabbitmqServer() !== undefined) return { why: 'installing it again would change nothing' }
  const obstacle = whyNotInstallable()
  if (obstacle !== undefined) return { why: obstacle }
  if (search.ask !== undefined && !(await search.ask('No broker was found. Install rabbitmq-server with apt-get?')))
    return { why: 'rabbitmq-server was not to be installed' }
  try {
    await installRabbitmq(search.say)
  } catch (error) {
    return { why: `rabbitmq-server could not be installed: ${(error as Error).message}` }
  }
  // Where there is an init, Debian starts a node on the usual port as soon as the package is there.
  const local = await localBroker()
  return 'broker' in local ? local : packageBroker(search)
}
