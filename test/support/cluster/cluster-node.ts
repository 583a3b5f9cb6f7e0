import { join } from 'node:path'
import { tryLogin } from '../../../scripts/broker/amqp-login'
import { freshFigures } from '../../../scripts/broker/node-settings'
import { runCommand } from '../../../scripts/broker/run-command'
import { until } from '../../../scripts/broker/until'
import { writeDownQueues } from '../brokers/own-node'

/** One of three brokers that form a cluster. Port and data stay the same from start to start. */
export interface ClusterNode {
  /** As the cluster calls it, such as `rabbit@rabbitmq-2`. */
  readonly name: string
  readonly url: string
  readonly managementUrl: string
  /** Resolves when a login succeeds. */
  start(): Promise<void>
  /** Begins to start it, for nodes that cannot come up without each other. */
  begin(): Promise<void>
  /** Resolves when a login succeeds. */
  answering(): Promise<void>
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Cuts the path to the other nodes, silently; clients still reach it. */
  cutOff(): Promise<void>
  /** Undoes {@link cutOff}. */
  rejoin(): Promise<void>
  ctl(...args: string[]): Promise<string>
  remove(): Promise<void>
}

export interface NodePlan {
  /** One of those that deploy/rabbitmq/cluster.conf names. */
  readonly host: string
  /** The network on which the nodes find each other, and on which nobody else is. */
  readonly network: string
  readonly cookie: string
  readonly ports: { readonly amqp: number; readonly management: number }
}

const image = 'rabbitmq:4-management'
const shipped = join(__dirname, '..', '..', '..', 'deploy', 'rabbitmq')
const settings: readonly (readonly [file: string, place: string])[] = [
  ['rabbitmq.conf', 'conf.d/20-handoff.conf'],
  ['rabbitmq-4.conf', 'conf.d/21-handoff-4.conf'],
  ['one-machine.conf', 'conf.d/22-handoff-one-machine.conf'],
  ['cluster.conf', 'conf.d/23-handoff-cluster.conf'],
  ['advanced.config', 'advanced.config'],
  ['enabled_plugins', 'enabled_plugins'],
]

const docker = (...args: string[]) => runCommand('docker', args, { timeoutMs: 90_000 })

/**
 * Makes a node with the settings that deploy/rabbitmq ships, not started yet. Clients reach it over Docker's default
 * network, which has no names, so that the nodes find each other on their own network only.
 */
export async function makeNode(plan: NodePlan): Promise<ClusterNode> {
  const { host, network, ports } = plan
  const id = await docker('create', ...argumentsOf(plan), image)
  const rejoin = async () => void (await docker('network', 'connect', '--alias', host, network, id))
  await rejoin()
  const url = `amqp://guest:guest@127.0.0.1:${ports.amqp}`
  const ctl = (...args: string[]) => docker('exec', id, 'rabbitmqctl', '--quiet', ...args)
  const begin = async () => void (await docker('start', id))
  const answering = async () => {
    await until(`a login at ${host}`, 120_000, async () => (await tryLogin(url, 2_000)).ok)
  }
  return {
    name: `rabbit@${host}`,
    url,
    managementUrl: `http://127.0.0.1:${ports.management}`,
    begin,
    answering,
    start: async () => {
      await begin()
      await answering()
    },
    stop: async () => void (await docker('stop', '-t', '60', id)),
    kill: async () => {
      await ctl(...writeDownQueues)
      await docker('kill', id)
    },
    cutOff: async () => void (await docker('network', 'disconnect', network, id)),
    rejoin,
    ctl,
    remove: async () => void (await docker('rm', '--force', '--volumes', id)),
  }
}

function argumentsOf({ host, cookie, ports }: NodePlan): readonly string[] {
  const environment = {
    RABBITMQ_ERLANG_COOKIE: cookie,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `+sbwt none +S 2:2 ${freshFigures}`,
  }
  return [
    ...['--hostname', host, '--label', 'handoff=test-cluster'],
    ...['--publish', `127.0.0.1:${ports.amqp}:5672`, '--publish', `127.0.0.1:${ports.management}:15672`],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...settings.flatMap(([file, place]) => ['--volume', `${join(shipped, file)}:/etc/rabbitmq/${place}:ro`]),
  ]
}
