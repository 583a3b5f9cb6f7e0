import { runCommand } from '../../../scripts/broker/run-command'
import { mustBeGone } from '../ends'
import { startContainer } from './container-node'
import { writeDownQueues, type OwnNode } from './own-node'

/** RabbitMQ 4 in a container of the test file's own. */
export async function containerBroker(): Promise<OwnNode> {
  const container = await startContainer()
  const { id, url, managementUrl } = container
  const docker = async (...args: string[]) => void (await runCommand('docker', args))
  const ctlArguments = ['exec', id, 'rabbitmqctl', '--quiet']
  const ctl = (...args: string[]) => runCommand('docker', [...ctlArguments, ...args])
  const listed = () => runCommand('docker', ['ps', '--all', '--quiet', '--filter', `id=${id}`])
  mustBeGone(`the RabbitMQ container ${id}`, async () => (await listed()) !== '')
  return {
    url,
    managementUrl,
    remove: () => container.remove(),
    start: async () => {
      await docker('start', id)
      await container.answering()
    },
    stop: () => docker('stop', '-t', '30', id),
    kill: async () => {
      await ctl(...writeDownQueues)
      await docker('kill', id)
    },
    // Not `docker pause`: under load the kernel's freezer (cgroup v1) may miss a process, and the engine gives up.
    pause: () => docker('exec', '--user', 'root', id, 'sh', '-c', 'kill -STOP -1'),
    resume: () => docker('exec', '--user', 'root', id, 'sh', '-c', 'kill -CONT -1'),
    ctl,
    ctlCommand: ['docker', ...ctlArguments],
  }
}
