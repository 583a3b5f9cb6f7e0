import { join } from 'node:path'
import { Client } from 'pg'
import { openStore } from '../../shared/store/open-store'
import { connectRaw } from '../support/amqp-client'
import type { TestBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService, type RunningService, type StartOptions } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { eventuallySays } from './ready'

/** A message that tells of a change. */
export interface Told {
  readonly id: string
  readonly operation: string
  readonly table: string
  readonly key?: Readonly<Record<string, unknown>>
  readonly position: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
}

export interface FollowingStage {
  readonly slot: string
  readonly storeUrl: string
  /** On the followed database. */
  readonly sql: (text: string, params?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>
  readonly consumer: (settings?: Readonly<Record<string, string>>, options?: StartOptions) => Promise<RunningService>
  /** All messages so far, in the order in which they came out of the broker. */
  readonly told: () => readonly Told[]
  /** Changes that had their effect, in no order. */
  readonly effects: () => Promise<readonly Told[]>
  /** Rows of the outbox that are to be sent, all of them. */
  readonly waiting: () => Promise<number>
  /** Why rows of the outbox are no message. */
  readonly refused: () => Promise<readonly string[]>
  /** Waits until so many have had it, and until nothing is left to do. */
  readonly settled: (effects: number, withinMs?: number) => Promise<readonly Told[]>
}

const child = join(__dirname, 'following-child.ts')

/** A table `orders` in a database of its own, and consumers that follow it into one store. */
export async function followingStage(
  broker: TestBroker,
  namespace: string,
  serverUrl: string,
): Promise<FollowingStage> {
  const url = await databaseNamed(`of_${namespace.replaceAll('-', '_')}`, serverUrl)
  const sql = sqlOn(url)
  await sql('create table orders (id bigint primary key, state text, note text)')
  const storeUrl = await temporaryStoreUrl()
  const settings = {
    NAMESPACE: namespace,
    BROKER_URL: broker.url,
    STORE_URL: storeUrl,
    FOLLOW_URL: url,
    FOLLOW_TABLES: 'public.orders:orders.changed',
  }
  const store = await openStore({
    url: storeUrl,
    migrations: [join(__dirname, '..', '..', 'services/consumer/tables')],
  })
  atEnd(() => store.close())
  const effects = async () => {
    const rows = await store.query('select greeting, message_id from greetings order by greeting')
    return rows.map((row) => ({ ...(JSON.parse(String(row['greeting'])) as Told), id: String(row['message_id']) }))
  }
  const settled = (count: number, withinMs = 30_000) => {
    const isSettled = async () => {
      const found = await effects()
      if (found.length < count || (await store.outbox.counts()).waiting > 0)
        throw new Error(`${found.length} of ${count} effects`)
      return found
    }
    return eventually(`${count} changes have their effect`, isSettled, { withinMs })
  }
  return {
    slot: `${namespace.replaceAll('-', '_')}_follow`,
    storeUrl,
    sql,
    consumer: async (more = {}, options = {}) => {
      const service = await startService('consumer', { ...settings, ...more }, { instead: [child], ...options })
      // It works, degraded, before there is a slot; what is changed before that is told by nobody.
      if (options.until !== 'spawned') await eventuallySays(service, 'ready')
      return service
    },
    told: await tapped(broker, namespace),
    effects,
    waiting: async () => Number((await store.query('select count(*) as n from handoff_outbox'))[0]?.['n']),
    refused: async () => {
      const rows = await store.query('select refused from handoff_outbox where refused is not null order by seq')
      return rows.map(({ refused }) => String(refused))
    },
    settled,
  }
}

async function databaseNamed(name: string, serverUrl: string): Promise<string> {
  await sqlOn(serverUrl)(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** A connection for each statement: servers are killed here. */
function sqlOn(connectionString: string): FollowingStage['sql'] {
  return async (text, params = []) => {
    const client = new Client({ connectionString, connectionTimeoutMillis: 20_000 })
    client.on('error', () => {})
    await client.connect()
    try {
      const { rows } = await client.query<Record<string, unknown>>(text, [...params])
      return rows
    } finally {
      await client.end()
    }
  }
}

/** A queue beside that of the group. */
async function tapped(broker: TestBroker, namespace: string): Promise<() => readonly Told[]> {
  const { channel } = await connectRaw(broker.url)
  const queue = `${namespace}.tapped`
  await channel.assertExchange(`${namespace}.unrouted.v1`, 'fanout')
  await channel.assertExchange(`${namespace}.events.v1`, 'topic', { alternateExchange: `${namespace}.unrouted.v1` })
  await channel.assertQueue(queue, { exclusive: true })
  await channel.bindQueue(queue, `${namespace}.events.v1`, 'orders.changed')
  const told: Told[] = []
  await channel.consume(
    queue,
    (message) => {
      if (message === null) return
      const data = JSON.parse(message.content.toString()) as Told
      told.push({ ...data, id: String(message.properties.messageId) })
    },
    { noAck: true },
  )
  return () => told
}
