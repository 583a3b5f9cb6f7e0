import { join } from 'node:path'
import { freePorts } from '../../scripts/broker/free-ports'
import { newFolder } from '../scripts/support/folder'
import { start, type Running } from '../scripts/support/process'

const root = join(__dirname, '..', '..')

/** An npm script, with the ports that its services listen on. */
export interface NpmRun extends Running {
  readonly producer: number
  readonly consumer: number
  readonly console: number
}

/** `npm` as a person types it in this checkout, on this broker, with ports and a store of its own. */
export async function npm(
  args: readonly string[],
  brokerUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<NpmRun> {
  const [producer = 0, consumer = 0, console = 0] = await freePorts(3)
  const own = {
    BROKER_URL: brokerUrl,
    STORE_URL: `sqlite:${join(newFolder().path, 'store.db')}`,
    PRODUCER_PORT: String(producer),
    CONSUMER_PORT: String(consumer),
    CONSOLE_PORT: String(console),
  }
  const running = start('npm', args, { cwd: root, env: { ...process.env, ...own, ...settings } })
  return { ...running, producer, consumer, console }
}
