import type { ServiceView } from '../views/system'
import { Availability } from './availability'
import { metricValues } from './metric-values'
import { routesHash } from './routes-hash'

export interface ServiceWatchParts {
  readonly name: ServiceView['name']
  /** Without a slash at the end. */
  readonly url: string
  /** For what it shows to those with a key alone. */
  readonly apiKey: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Readiness {
  readonly status: 'ready' | 'degraded' | 'not_ready'
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

type Seen = Pick<ServiceView, 'checks'> & Pick<Readiness, 'status'>

const deadlineMs = 2_500
const shownMinutes = 61
const states: readonly unknown[] = ['ready', 'degraded', 'not_ready']

/** What a service says of itself, looked at again and again. */
export class ServiceWatch {
  readonly #parts: ServiceWatchParts
  readonly #availability = new Availability()
  #seen: Pick<ServiceView, 'state' | 'since' | 'checks'>
  #gauges: ServiceView['gauges'] = {}
  #routes: string | undefined

  constructor(parts: ServiceWatchParts) {
    this.#parts = parts
    this.#seen = { state: 'unknown', since: parts.now(), checks: [] }
  }

  get view(): ServiceView {
    const { name, url } = this.#parts
    const startedAt = this.#gauges['process_start_time_seconds']
    return {
      ...{ name, url, ...this.#seen, gauges: this.#gauges },
      ...(startedAt !== undefined && { startedAt: startedAt * 1_000 }),
      ...(this.#routes !== undefined && { routes: { hash: this.#routes } }),
      availability: this.#availability.last(shownMinutes),
    }
  }

  /** Looks once; never rejects. */
  async look(): Promise<void> {
    const [readiness, text] = await Promise.all([this.#readiness(), this.#text('/metrics')])
    const state = readiness?.status ?? 'away'
    const now = this.#parts.now()
    const isNew = state !== this.#seen.state
    this.#seen = { state, since: isNew ? now : this.#seen.since, checks: readiness?.checks ?? [] }
    this.#gauges = text === undefined ? {} : metricValues(text)
    this.#routes = text === undefined ? undefined : routesHash(text)
    this.#availability.note(now, state === 'ready' || state === 'degraded' ? 'ready' : 'not ready')
  }

  async #readiness(): Promise<Seen | undefined> {
    try {
      const response = await this.#get('/readyz')
      const { status, checks } = (await response.json()) as Readiness
      return states.includes(status) ? { status, checks: checksOf(checks) } : undefined
    } catch {
      return undefined
    }
  }

  async #text(path: string): Promise<string | undefined> {
    try {
      const response = await this.#get(path)
      const text = await response.text()
      return response.ok ? text : undefined
    } catch {
      return undefined
    }
  }

  #get(path: string): Promise<Response> {
    const { url, apiKey } = this.#parts
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    return fetch(url + path, { headers, signal: AbortSignal.timeout(deadlineMs), redirect: 'error' })
  }
}

function checksOf(checks: Readiness['checks']): ServiceView['checks'] {
  return Object.entries(checks).map(([name, { ok, detail }]) => ({ name, ok, detail: String(detail) }))
}
