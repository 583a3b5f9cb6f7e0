import { openTransport, type OpenedTransport, type OpenTransportOptions } from '../../shared/messaging/open-transport'
import type { GroupTopology, LinkStatus } from '../../shared/messaging/transport'
import { atEnd } from '../support/ends'

export const noTls = { caFile: undefined, certFile: undefined, keyFile: undefined }

/** Hosts are tried in an order of chance, which this chance leaves as it is. */
export const inOrder = { random: () => 0.999 }

/** What a transport told while it worked. */
export interface Told {
  readonly links: LinkStatus[]
  readonly reconnected: string[]
  readonly recreated: string[]
  readonly unroutable: string[]
  readonly stale: string[]
  readonly faults: string[]
}

/** Opens a RabbitMQ transport that is closed at the end of the test. */
export async function openRabbitmq(
  url: string,
  groups: readonly GroupTopology[],
  change: Partial<OpenTransportOptions> = {},
): Promise<{ transport: OpenedTransport; told: Told }> {
  const told: Told = { links: [], reconnected: [], recreated: [], unroutable: [], stale: [], faults: [] }
  const transport = await openTransport({
    url,
    namespace: 'test',
    groups,
    name: 'test',
    tls: noTls,
    events: {
      linkChanged: (link) => told.links.push(link),
      reconnected: (name) => told.reconnected.push(name),
      recreated: (object) => told.recreated.push(object),
      unroutable: (type) => told.unroutable.push(type),
      staleSettle: (group) => told.stale.push(group),
      fault: (what, detail) => told.faults.push(`${what}: ${detail}`),
    },
    ...change,
  })
  atEnd(() => transport.close())
  return { transport, told }
}
