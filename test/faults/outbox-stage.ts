import { join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import type { Store } from '../../shared/store/store'
import type { TestBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { startService, type RunningService } from '../support/service'

export interface OutboxStage {
  readonly settings: Readonly<Record<string, string>>
  readonly store: Store
  /** A consumer whose ledger emits the capture of each order; one that is to be killed has no other group, so that a passing is an order. */
  readonly emitting: (failpoints?: string, transaction?: 'collected' | 'interactive') => Promise<RunningService>
  /** The consumer as it is built, for these groups. */
  readonly consumer: (groups: string) => Promise<RunningService>
  /** Writes rows into the outbox, in one transaction. */
  readonly write: (...rows: readonly OutboxInsert[]) => Promise<void>
}

export interface OutboxInsert {
  readonly type: string
  readonly data: string
  readonly key?: string
}

const child = join(__dirname, 'emitting-child.ts')
const insert = 'insert into handoff_outbox (type, data, ordering_key) values ($1, $2, $3)'

export async function outboxStage(broker: TestBroker, namespace: string, storeUrl: string): Promise<OutboxStage> {
  const settings = { NAMESPACE: namespace, BROKER_URL: broker.url, STORE_URL: storeUrl }
  const store = await openStore({ url: storeUrl, migrations: [] })
  atEnd(() => store.close())
  let written = 0
  return {
    settings,
    store,
    emitting: (failpoints, transaction = 'collected') =>
      startService(
        'consumer',
        { ...settings, ...(failpoints !== undefined && { FAILPOINTS: failpoints, CONSUMER_GROUPS: 'ledger' }) },
        // One that is to be killed may be before it is ready: rows wait for it.
        { instead: [child, transaction], until: failpoints === undefined ? 'ready' : 'spawned' },
      ),
    consumer: (groups) => startService('consumer', { ...settings, CONSUMER_GROUPS: groups }),
    write: async (...rows) => {
      const writes = rows.map(({ type, data, key }) => ({ sql: insert, params: [type, data, key ?? null] }))
      await store.apply({ group: 'test', source: '/test', id: String(written++) }, writes)
    },
  }
}
