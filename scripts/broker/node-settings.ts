import { randomBytes } from 'node:crypto'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeIdentity } from './node-identity'

export type Management = 'on' | 'off'

/**
 * Writes the files that a private node reads into its folder and answers with the environment in which its server and
 * its `rabbitmqctl` run. Nothing of an installed node's settings is read, and every port is bound to 127.0.0.1.
 */
export async function writeSettings(
  directory: string,
  identity: NodeIdentity,
  management: Management,
): Promise<NodeJS.ProcessEnv> {
  const home = join(directory, 'home')
  await mkdir(home, { recursive: true })
  await mkdir(join(directory, 'log'), { recursive: true })
  await writeCookie(join(home, '.erlang.cookie'))
  await writeFile(join(directory, 'rabbitmq.conf'), configuration(identity, management))
  await writeFile(join(directory, 'enabled_plugins'), management === 'on' ? '[rabbitmq_management].\n' : '[].\n')
  await writeFile(join(directory, 'rabbitmq-env.conf'), '')
  await writeFile(join(directory, 'advanced.config'), retriesHeldAtMost)
  return environment(directory, home, identity)
}

/** Two schedulers that sleep instead of spinning: the node shares the machine with whatever uses it. */
const smallFootprint = '+sbwt none +S 2:2'

const samplesKept =
  '[{global,[{605,1},{3660,60},{29400,600},{86400,1800}]},{basic,[{605,1},{3600,60}]},{detailed,[{605,1}]}]'

/**
 * The broker's figures are one second old instead of five. The management API shows the last sample that it has kept, so
 * that its first interval counts as much as those of the statistics and of the quorum queues; the other ones are its own
 * (rabbitmq.com/docs/management, "Sample Retention").
 */
export const freshFigures = [
  '-rabbit collect_statistics_interval 1000',
  '-rabbit quorum_tick_interval 1000',
  `-rabbitmq_management sample_retention_policies ${samplesKept}`,
].join(' ')

/**
 * A retry whose way back was gone for a moment is tried again after 15 seconds, not three minutes, as with the settings in
 * deploy/rabbitmq.
 */
const retriesHeldAtMost = '[{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 15000}]}].\n'

/** Where the node writes the process id of its virtual machine. */
export function pidFileIn(directory: string): string {
  return join(directory, 'node.pid')
}

// The cookie is the key to the node: whoever holds it may run anything in it. Erlang refuses one that others can read.
async function writeCookie(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return
  await writeFile(path, randomBytes(24).toString('hex'), { mode: 0o600 })
  await chmod(path, 0o400)
}

function configuration({ ports }: NodeIdentity, management: Management): string {
  const always = [`listeners.tcp.1 = 127.0.0.1:${ports.amqp}`, 'raft.wal_max_size_bytes = 67108864']
  const web = ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${ports.management}`]
  return `${[...always, ...(management === 'on' ? web : [])].join('\n')}\n`
}

function environment(directory: string, home: string, { name, ports }: NodeIdentity): NodeJS.ProcessEnv {
  return {
    ...withoutErlang(process.env),
    HOME: home,
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: name,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: pidFileIn(directory),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(directory, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `${smallFootprint} ${freshFigures} -kernel inet_dist_use_interface {127,0,0,1}`,
  }
}

function withoutErlang(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !/^(RABBITMQ_|ERL_|NOTIFY_SOCKET$)/.test(key)))
}
