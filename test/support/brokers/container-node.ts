import { GenericContainer } from 'testcontainers'
import { tryLogin } from '../../../scripts/broker/amqp-login'
import { freePorts } from '../../../scripts/broker/free-ports'
import { freshFigures } from '../../../scripts/broker/node-settings'
import { runCommand } from '../../../scripts/broker/run-command'
import { until } from '../../../scripts/broker/until'
import { withoutMissingReaper } from './reaper'
import type { RunningBroker } from './running-brokers'

const image = 'rabbitmq:4-management'

/** RabbitMQ 4 in a container whose ports on 127.0.0.1 stay the same from start to start. */
export interface ContainerNode extends RunningBroker {
  readonly id: string
  /** Resolves when a login succeeds. */
  answering(): Promise<void>
  /** Ends the container with its data; may be called twice. */
  remove(): Promise<void>
}

export async function startContainer(): Promise<ContainerNode> {
  await withoutMissingReaper()
  const [amqp = 0, management = 0] = await freePorts(2)
  const container = await new GenericContainer(image)
    // The node's name is part of where its data lies.
    .withHostname('handoff-test')
    .withEnvironment({ RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `+sbwt none ${freshFigures}` })
    .withExposedPorts({ container: 5672, host: amqp }, { container: 15672, host: management })
    .withStartupTimeout(120_000)
    .start()
  const url = `amqp://guest:guest@127.0.0.1:${amqp}`
  const answering = async () => {
    await until(`a login at ${image}`, 60_000, async () => (await tryLogin(url, 2_000)).ok)
  }
  const node = { id: container.getId(), url, managementUrl: `http://127.0.0.1:${management}`, answering, remove }
  await answering().catch(async (error: unknown) => {
    await node.remove()
    throw error
  })
  return node

  async function remove(): Promise<void> {
    await runCommand('docker', ['rm', '--force', '--volumes', container.getId()]).catch(() => {})
  }
}
