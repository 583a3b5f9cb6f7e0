import { dockerBroker } from './docker-broker'
import type { FoundBroker, Search } from './found-broker'
import { installedBroker } from './installed-broker'
import { localBroker } from './local-broker'
import { namedBroker } from './named-broker'
import { packageBroker } from './package-broker'

const ways = [localBroker, dockerBroker, packageBroker, installedBroker]

/**
 * A broker to work with: the one that the environment names and then no other; else the first of: one on this
 * machine's usual port, a container, the installed package as a private node, the package newly installed. Says why a
 * way fails. Rejects when none is left, with one sentence that holds the command to run.
 */
export async function findBroker(search: Search): Promise<FoundBroker> {
  const named = await namedBroker(search)
  if (named !== undefined) return named
  for (const way of ways) {
    const result = await way(search)
    if ('broker' in result) return result.broker
    search.say(result.why)
  }
  throw new Error(`no broker was found and none could be started; ${command()}, or set BROKER_URL`)
}

function command(): string {
  return process.platform === 'darwin'
    ? 'run `brew install rabbitmq`'
    : 'run `sudo apt-get install rabbitmq-server`, or start Docker'
}
