import { dockerAnswers } from '../../../scripts/broker/docker-engine'
import { findRabbitmqServer } from '../../../scripts/broker/find-rabbitmq-server'
import type { BrokerKind } from './running-brokers'

const choices: Readonly<Record<string, readonly BrokerKind[]>> = {
  native: ['native'],
  container: ['container'],
  both: ['native', 'container'],
}

/**
 * The brokers to test with: those that are asked for, `native`, `container` or `both`, else those that this machine
 * has. Says what is left out and how to get it. Rejects when what is asked for cannot be had.
 */
export async function chosenBrokers(
  wish: string | undefined,
  say: (line: string) => void,
): Promise<readonly BrokerKind[]> {
  const asked = wish === undefined || wish === '' ? undefined : (choices[wish] ?? unknownChoice(wish))
  const hasDocker = await dockerAnswers()
  if (asked !== undefined) {
    if (asked.includes('container') && !hasDocker)
      throw new Error(`HANDOFF_TEST_BROKERS=${wish} needs a Docker engine, and none answers: start it`)
    return asked
  }
  if (!hasDocker) {
    say(
      'Skipped: the tests against RabbitMQ 4 and of docker compose, as no Docker engine answers. Start one to run them.',
    )
    // Without the package the setup installs it, or fails with the command to run.
    return choices['native'] ?? []
  }
  if (findRabbitmqServer() !== undefined) return choices['both'] ?? []
  say(
    "Skipped: the tests against this machine's RabbitMQ. Install it to run them: sudo apt-get install rabbitmq-server",
  )
  return choices['container'] ?? []
}

function unknownChoice(wish: string): never {
  throw new Error(`HANDOFF_TEST_BROKERS is "${wish}"; use ${Object.keys(choices).join(', ')}`)
}
