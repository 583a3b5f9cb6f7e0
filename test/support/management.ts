import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from './eventually'

export interface QueueFacts {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** All messages, also those in someone's hands; late by up to `figuresLateMs`. A fresh queue has no figures at first. */
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
  readonly consumers?: number
}

export interface ExchangeFacts {
  readonly name: string
  readonly type: string
  readonly durable: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface BindingFacts {
  readonly source: string
  readonly destination: string
  readonly destination_type: 'queue' | 'exchange'
  readonly routing_key: string
  readonly properties_key: string
}

export interface ConnectionFacts {
  readonly name: string
  readonly vhost: string
  readonly client_properties: Readonly<Record<string, unknown>>
}

/** What an operator can see and do in one virtual host. */
export interface Management {
  /** Rejects when there is no such queue. */
  queue(name: string): Promise<QueueFacts>
  queues(): Promise<readonly QueueFacts[]>
  exchanges(): Promise<readonly ExchangeFacts[]>
  bindings(): Promise<readonly BindingFacts[]>
  connections(): Promise<readonly ConnectionFacts[]>
  /** Closes this host's connections as a restart would, with code 320; waits until there is one. Answers how many. */
  closeConnections(filter?: (connection: ConnectionFacts) => boolean): Promise<number>
  deleteQueue(name: string): Promise<void>
  deleteBinding(binding: BindingFacts): Promise<void>
  deleteExchange(name: string): Promise<void>
  setPolicy(name: string, pattern: string, definition: Readonly<Record<string, unknown>>): Promise<void>
  deletePolicy(name: string): Promise<void>
  /** Resolves when two readings that lie further apart than the figures are late found these queues empty. */
  eventuallyDrained(queues: readonly string[], limits?: { readonly withinMs?: number }): Promise<void>
}

/** Calls the management API; `/` in a name is escaped by the caller. Rejects with the answer of any refusal. */
export type Api = <T = undefined>(method: string, path: string, body?: unknown, withinMs?: number) => Promise<T>

const usualWaitMs = 30_000

/** Brokers of a run keep figures each second; on a machine with much else to do, more than three seconds were seen. */
export const figuresLateMs = 5_000

export function apiOf(managementUrl: string): Api {
  const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`
  // The server closes a connection that rests for 5 seconds; a client that took it up just then would fail.
  const headers = {
    authorization,
    connection: 'close',
    'content-type': 'application/json',
    'x-reason': 'closed by a test',
  }
  return async <T>(method: string, path: string, body?: unknown, withinMs = usualWaitMs) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const signal = AbortSignal.timeout(withinMs)
    const response = await fetch(`${managementUrl}/api/${path}`, { method, headers, signal, ...sent })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

export function managementOf(api: Api, vhost: string): Management {
  const host = encodeURIComponent(vhost)
  const at = (kind: string, name: string) => `${kind}/${host}/${encodeURIComponent(name)}`
  const list = <T>(kind: string) => api<readonly T[]>('GET', `${kind}/${host}`)
  const queue = (name: string) => api<QueueFacts>('GET', at('queues', name))
  const connections = async () => {
    const all = await api<readonly ConnectionFacts[]>('GET', 'connections')
    return all.filter((connection) => connection.vhost === vhost)
  }
  return {
    queue,
    queues: () => list('queues'),
    exchanges: () => list('exchanges'),
    bindings: () => list('bindings'),
    connections,
    closeConnections: async (filter = () => true) => {
      const wanted = async () => (await connections()).filter(filter)
      return eventually('a connection to close', async () => {
        const closed = await Promise.all((await settled(wanted)).map(({ name }) => closeConnection(api, name)))
        return closed.filter((was) => was).length
      })
    },
    deleteQueue: (name) => api('DELETE', at('queues', name)),
    deleteExchange: (name) => api('DELETE', at('exchanges', name)),
    deleteBinding: (binding) => api('DELETE', `bindings/${host}/${bindingPath(binding)}`),
    setPolicy: (name, pattern, definition) => api('PUT', at('policies', name), { pattern, definition }),
    deletePolicy: (name) => api('DELETE', at('policies', name)),
    eventuallyDrained: async (names, limits) => {
      const left = async () => (await Promise.all(names.map(queue))).filter(({ messages }) => messages !== 0)
      await eventually(`empty: ${names.join(', ')}`, () => emptyTwice(left), limits)
    },
  }
}

// A connection shows up here a moment after it is open: a list is believed when it reads the same twice.
async function settled<T extends { name: string }>(list: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const first = await list()
  await pause(200)
  const second = await list()
  const same = first.length > 0 && names(first) === names(second)
  return same ? second : []
}

// One that has just ended by itself may still be listed.
async function closeConnection(api: Api, name: string): Promise<boolean> {
  try {
    await api('DELETE', `connections/${encodeURIComponent(name)}`)
    return true
  } catch (error) {
    if ((error as Error).message.includes(': 404 ')) return false
    throw error
  }
}

function names(items: readonly { readonly name: string }[]): string {
  return items
    .map(({ name }) => name)
    .sort()
    .join()
}

async function emptyTwice(left: () => Promise<readonly QueueFacts[]>): Promise<true> {
  const expectNone = (queues: readonly QueueFacts[]) => {
    const [first] = queues
    if (first !== undefined) throw new Error(`${first.name} holds ${first.messages ?? 'an unknown number of'} messages`)
  }
  expectNone(await left())
  await pause(figuresLateMs)
  expectNone(await left())
  return true
}

function bindingPath({ source, destination, destination_type, properties_key }: BindingFacts): string {
  const kind = destination_type === 'queue' ? 'q' : 'e'
  return `e/${encodeURIComponent(source)}/${kind}/${encodeURIComponent(destination)}/${encodeURIComponent(properties_key)}`
}
