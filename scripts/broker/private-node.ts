import { join, resolve } from 'node:path'
import { tryLogin } from './amqp-login'
import { findRabbitmqServer } from './find-rabbitmq-server'
import { claimIdentity, type NodeIdentity } from './node-identity'
import { lastWords, launchNode, type NodeControls, type NodeProcess } from './node-process'
import { writeSettings, type Management } from './node-settings'
import { runCommand } from './run-command'
import { until } from './until'

/** A RabbitMQ node that only this process uses, on ports of its own on 127.0.0.1. */
export interface PrivateNode extends NodeControls {
  readonly url: string
  readonly port: number
  /** With `guest` as user and password; undefined when the management plugin is off. */
  readonly managementUrl: string | undefined
  readonly version: string
  /** A program and its arguments, that run `rabbitmqctl --quiet` on the node for whoever has not its environment. */
  readonly ctlCommand: readonly string[]
  /** Runs `rabbitmqctl --quiet` on the node; rejects with its words when it fails. */
  ctl(...args: string[]): Promise<string>
}

export interface PrivateNodeOptions {
  /** Holds the node's data, logs and identity. Starting again in the same folder finds the durable queues. */
  readonly directory: string
  readonly management?: Management
  /** The AMQP port; by default the folder's last one, or any free one. */
  readonly port?: number
  readonly log?: (line: string) => void
}

const startWithinMs = 90_000
const installWords =
  'install it with `apt-get install rabbitmq-server` (Debian, Ubuntu) or `brew install rabbitmq` (macOS)'

/**
 * Starts the installed RabbitMQ package as a private node and resolves when a login succeeds, after some 8 seconds.
 * Rejects when the package is missing, when a node lives in the folder already, or when the node does not come up.
 * The node ends with this process, however that ends.
 */
export async function startPrivateNode(options: PrivateNodeOptions): Promise<PrivateNode> {
  const { management = 'off', log = () => {} } = options
  const directory = resolve(options.directory)
  const bin = findRabbitmqServer()
  if (bin === undefined) throw new Error(`rabbitmq-server is not installed; ${installWords}`)
  const identity = await claimIdentity(directory, options.port)
  const env = await writeSettings(directory, identity, management)
  log(`starting a private RabbitMQ node on port ${identity.ports.amqp}`)
  const machine = launchNode({ bin, directory, env, ports: identity.ports })
  const { url, managementUrl } = addressesOf(identity, management)
  const version = await readiness(directory, machine, { url, managementUrl })
  // A command that dies, as when its folder is taken away, must not leave a dump wherever we were started.
  const quietly = { ...env, ERL_CRASH_DUMP_SECONDS: '0' }
  const program = join(bin, 'rabbitmqctl')
  const ctl = (...args: string[]) => runCommand(program, ['--quiet', ...args], { env: quietly })
  const ctlCommand = ['env', ...assignments(quietly), program, '--quiet']
  return { ...machine.controls, url, port: identity.ports.amqp, managementUrl, version, ctl, ctlCommand }
}

/** Of what differs from our own environment: that is whoever's who runs the command. */
function assignments(env: NodeJS.ProcessEnv): readonly string[] {
  const own = Object.entries(env).filter(([name, value]) => process.env[name] !== value)
  return own.map(([name, value]) => `${name}=${value}`)
}

interface Addresses {
  readonly url: string
  readonly managementUrl: string | undefined
}

function addressesOf({ ports }: NodeIdentity, management: Management): Addresses {
  const managementUrl = management === 'on' ? `http://127.0.0.1:${ports.management}` : undefined
  return { url: `amqp://guest:guest@127.0.0.1:${ports.amqp}`, managementUrl }
}

async function readiness(directory: string, machine: NodeProcess, addresses: Addresses): Promise<string> {
  try {
    return await answering(machine, addresses)
  } catch (error) {
    await machine.controls.kill()
    const words = `the RabbitMQ node in ${directory} did not start: ${(error as Error).message}`
    throw new Error(`${words}\n${lastWords(directory)}`, { cause: error })
  }
}

async function answering(machine: NodeProcess, { url, managementUrl }: Addresses): Promise<string> {
  const version = await until('a login', startWithinMs, async () => {
    if (machine.hasEnded()) throw new Error('it ended while it started')
    const result = await tryLogin(url, 2_000)
    return result.ok && result.version
  })
  if (managementUrl !== undefined) await until('the management API', startWithinMs, () => answersHttp(managementUrl))
  return version
}

async function answersHttp(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => (await response.body?.cancel(), true),
    () => false,
  )
}
