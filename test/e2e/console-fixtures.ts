/** A console with dead letters that nobody else touches, and a caller of its HTTP API. */
import { connectRaw } from '../support/amqp-client'
import type { TestBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { jsonLines } from './handoff'
import { parkOrders, type Parked } from './dead-letter-fixtures'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

/** A caller of a console. */
export function callerOf(url: string) {
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { method, ...init })
    const text = await response.text()
    const isJson = /json$|json;/.test(response.headers.get('content-type') ?? '') && !text.includes('\n')
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    }
  }
  return {
    get: (path: string, headers: Record<string, string> = {}) => call('GET', path, { headers }),
    post: (path: string, body: unknown, init: RequestInit = {}) =>
      call('POST', path, {
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
      }),
    put: (path: string, lines: string) =>
      call('POST', path, { body: lines, headers: { 'content-type': 'application/x-ndjson' } }),
  }
}

const namespace = 'console'

/** A console, and queues that nobody consumes, empty before each test. */
export function useConsole(broker: TestBroker) {
  const place = {} as Awaited<ReturnType<typeof startConsole>>
  beforeAll(async () => void Object.assign(place, await startConsole(broker)))
  beforeEach(() => Promise.all(['ledger', 'ledger.dead'].map((queue) => place.empty(queue))))
  return place
}

async function startConsole(broker: TestBroker) {
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const [console] = await Promise.all([startService('console', env), startService('producer', env)])
  const raw = await connectRaw(broker.url)
  const nameOf = (queue: string) => `${namespace}.${queue}.v1`
  const ready = (queue: string) => raw.countReady(nameOf(queue))
  return {
    ...callerOf(console.url),
    url: console.url,
    raw,
    ready,
    empty: (queue: string) => raw.channel.purgeQueue(nameOf(queue)),
    settled: (queue: string, count: number) =>
      eventually(`${count} in ${queue}`, async () => (await ready(queue)) === count),
    park: (ids: readonly string[], facts: Partial<Parked> = {}) => parkOrders(raw, { namespace, ids, ...facts }),
    /** Takes all that is in a queue. */
    taken: async (queue: string) =>
      (await raw.getAll(nameOf(queue))).map(({ properties }) => String(properties.messageId)),
    raws: (queue: string) => raw.getAll(nameOf(queue)),
    /** The lines of the audit that tell of these ids or facts. */
    audits: () => auditsIn(console.logs),
  }
}

export const lettersIn = ({ json }: Answer) => json['letters'] as readonly Readonly<Record<string, unknown>>[]
export const lastLine = ({ text }: Answer) => jsonLines(text).at(-1)
export const auditsIn = (logs: readonly object[]): readonly object[] =>
  logs.filter((line) => String((line as { msg?: unknown }).msg).startsWith('audit: '))
