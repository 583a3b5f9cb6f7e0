import { join } from 'node:path'
import type { TestBroker } from '../support/broker'
import { start, type Ended, type Running } from '../scripts/support/process'

const root = join(__dirname, '..', '..')

export interface ShownFacts {
  readonly brokerUrl: string
  /** A module of test/examples/sabotage that every process of the example loads first, and that breaks a promise. */
  readonly sabotage?: string
}

/** `npm run example -- NAME`, as a person runs it in this checkout. */
export function show(name: string, { brokerUrl, sabotage }: ShownFacts): Running {
  const preload = sabotage && { NODE_OPTIONS: `--require=${join(__dirname, 'sabotage', `${sabotage}.cjs`)}` }
  const env = { ...process.env, BROKER_URL: brokerUrl, ...preload }
  return start('npm', ['run', 'example', '--silent', '--', name], { cwd: root, env })
}

/** The same, to its end. */
export function shown(name: string, facts: ShownFacts): Promise<Ended> {
  return show(name, facts).ended
}

/** Names of objects at the broker that an example has left. */
export async function leftAt({ management }: TestBroker): Promise<readonly string[]> {
  const found = [...(await management.queues()), ...(await management.exchanges())]
  return found.map(({ name }) => name).filter((name) => name.startsWith('example-'))
}
