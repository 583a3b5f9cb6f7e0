import { randomUUID } from 'node:crypto'
import { Management } from './management'
import { nodeOfProject } from './node-of-project'

/** A virtual host of its own on the node that the Jest project has chosen. */
export interface TestBroker {
  /** AMQP URL with the virtual host. */
  readonly url: string
  readonly management: Management
}

/** Gives the test file a fresh virtual host, and takes it away after the file. */
export function useBroker(): TestBroker {
  const vhost = `test-${randomUUID()}`
  const { url, managementUrl } = nodeOfProject()
  const management = new Management(managementUrl, vhost)
  beforeAll(() => management.createVhost())
  afterAll(() => management.deleteVhost())
  return { url: `${url}/${vhost}`, management }
}
