import { openStore } from '../../shared/store/open-store'
import type { Store } from '../../shared/store/store'
import { atEnd } from '../support/ends'
import { startService, type RunningService, type ServiceName, type StartOptions } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'

export interface Pair {
  readonly producer: RunningService
  readonly consumer: RunningService
  readonly storeUrl: string
  readonly namespace: string
  /** Rows of a query on the pair's store. */
  readonly rows: (sql: string, params?: readonly (string | number)[]) => ReturnType<Store['query']>
  readonly post: (type: string, data: unknown, headers?: Record<string, string>) => Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Starts a consumer and a producer on a broker and a store of their own, and waits until both are ready. `instead` names a
 * file to run in place of a built service, as {@link StartOptions} has it; `consumerEnv` is for the consumer alone.
 */
export async function startPair(
  brokerUrl: string,
  env: Record<string, string> = {},
  instead?: (name: ServiceName) => NonNullable<StartOptions['instead']>,
  consumerEnv: Record<string, string> = {},
): Promise<Pair> {
  const storeUrl = env['STORE_URL'] ?? (await temporaryStoreUrl())
  const shared = { BROKER_URL: brokerUrl, STORE_URL: storeUrl, ...env }
  const start = (name: ServiceName, own: Record<string, string> = {}) =>
    startService(name, { ...shared, ...own }, instead && { instead: instead(name) })
  const [consumer, producer] = await Promise.all([start('consumer', consumerEnv), start('producer')])
  const store = await openStore({ url: storeUrl, migrations: [] })
  atEnd(() => store.close())
  return {
    producer,
    consumer,
    storeUrl,
    namespace: env['NAMESPACE'] ?? 'handoff',
    rows: (sql, params = []) => store.query(sql, params),
    post: (type, data, headers = {}) => post(`${producer.url}/messages/${type}`, data, headers),
  }
}

/** Posts JSON, or text where the data is no object and the headers say so. */
export async function post(url: string, data: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const isText = headers['content-type']?.startsWith('text/') === true
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isText ? String(data) : JSON.stringify(data),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] }
}

export const order = (orderId: string) => ({ orderId, customerEmail: 'ada@example.com', amountCents: 4200 })
