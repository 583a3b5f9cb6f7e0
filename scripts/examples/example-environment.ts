import { join } from 'node:path'
import { knownNames } from '../../shared/runtime/setting-names'

export interface ExamplePlace {
  readonly brokerUrl: string
  readonly namespace: string
  readonly folder: string
}

/**
 * What a process of an example gets: our environment without the settings of the reader's own services, which would open
 * their store or demand their keys. What leads to the broker stays.
 */
export function exampleEnvironment(
  { brokerUrl, namespace, folder }: ExamplePlace,
  ours: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const left = new Set(knownNames().filter((name) => !/^BROKER_(?!URL)/.test(name)))
  const rest = Object.fromEntries(Object.entries(ours).filter(([name]) => !left.has(name)))
  return {
    ...rest,
    BROKER_URL: brokerUrl,
    NAMESPACE: namespace,
    STORE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
    SPOOL_PATH: join(folder, 'spool'),
    HOST: '127.0.0.1',
  }
}
