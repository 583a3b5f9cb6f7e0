import { join } from 'node:path'
import { knownNames } from '../../shared/runtime/setting-names'
import type { SystemSettings } from '../system/settings'

export interface ExamplePlace {
  /** Of the reader; what leads to the broker is taken from them. */
  readonly settings: Partial<SystemSettings>
  readonly brokerUrl: string
  readonly namespace: string
  readonly folder: string
}

/**
 * What a process of an example gets: our environment without the settings of the reader's own services, which would open
 * their store or demand their keys, and with those of the broker, which may stand in `.env` alone.
 */
export function exampleEnvironment(
  { settings, brokerUrl, namespace, folder }: ExamplePlace,
  ours: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const left = new Set(knownNames())
  const rest = Object.entries(ours).filter(([name]) => !left.has(name))
  const broker = Object.entries(settings).flatMap(([name, value]) =>
    name.startsWith('BROKER_') && value !== undefined ? [[name, String(value)] as const] : [],
  )
  return {
    ...Object.fromEntries<string | undefined>([...rest, ...broker]),
    BROKER_URL: brokerUrl,
    NAMESPACE: namespace,
    STORE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
    SPOOL_PATH: join(folder, 'spool'),
    HOST: '127.0.0.1',
  }
}
