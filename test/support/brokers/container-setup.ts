import { startContainer } from './container-node'
import { announce } from './running-brokers'
import { endLater } from './to-end'

/** One container for the whole run, before the first test file of a project that works with RabbitMQ 4. */
export default async function startInContainer(): Promise<void> {
  const node = await startContainer()
  endLater('container', () => node.remove())
  announce('container', node)
}
