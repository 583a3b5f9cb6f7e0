import { existsSync, globSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The package's own script folders, best first; a versioned folder's newest stands last in the alphabet. */
const packageFolders = [
  '/usr/lib/rabbitmq/bin',
  '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin',
  '/opt/homebrew/opt/rabbitmq/sbin',
  '/usr/local/opt/rabbitmq/sbin',
  '/home/linuxbrew/.linuxbrew/opt/rabbitmq/sbin',
  '/opt/rabbitmq/sbin',
]

/**
 * The folder that holds RabbitMQ's own `rabbitmq-server`, `rabbitmqctl` and `rabbitmq-env`, or undefined where the
 * package is not installed. Distributions put a wrapper on the PATH that changes folder and user and refuses
 * everyone else; that is not the one.
 */
export function findRabbitmqServer(): string | undefined {
  const found = findOnPath('rabbitmq-server')
  return [...(found === undefined ? [] : [dirname(found)]), ...packageFolders.flatMap(expanded)].find(isWhole)
}

/** The real file behind a command on the PATH, or undefined. */
export function findOnPath(command: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const file = folders.map((folder) => join(folder, command)).find((path) => existsSync(path))
  return file === undefined ? undefined : realpathSync(file)
}

function expanded(pattern: string): string[] {
  return pattern.includes('*') ? globSync(pattern).sort().reverse() : [pattern]
}

function isWhole(folder: string): boolean {
  return ['rabbitmq-server', 'rabbitmqctl', 'rabbitmq-env'].every((file) => existsSync(join(folder, file)))
}
