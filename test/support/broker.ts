import { randomUUID } from 'node:crypto'
import { runningBroker } from './brokers/running-brokers'
import { atEnd } from './ends'
import { apiOf, managementOf, type Management } from './management'

/** The run's broker, as one test file sees it: a virtual host of its own. */
export interface TestBroker {
  /** Of the virtual host. */
  readonly url: string
  readonly vhost: string
  readonly management: Management
}

// All of a file's queues go with it, one after the other: on a busy machine ten seconds were too few for some hundred.
const deletedWithinMs = 90_000

/** Gives this test file a fresh virtual host, deleted after it. Call it once, at the top of the file. */
export function useBroker(): TestBroker {
  const { url, managementUrl } = runningBroker()
  const vhost = `test-${randomUUID()}`
  const api = apiOf(managementUrl)
  beforeAll(async () => {
    await api('PUT', `vhosts/${vhost}`)
    atEnd(() => api('DELETE', `vhosts/${vhost}`, undefined, deletedWithinMs))
  })
  return { url: `${url}/${vhost}`, vhost, management: managementOf(api, vhost) }
}
