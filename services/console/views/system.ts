/** What the console sees of the services and of the broker, now. */
export interface SystemView {
  /** Milliseconds since 1970, by the console's clock. */
  readonly at: number
  readonly services: readonly ServiceView[]
  /** Where callers reach the producer, without a slash at the end. */
  readonly producerUrl: string
  /** Whether faults can be made to happen: for development alone. */
  readonly faults: 'off' | 'on'
  readonly broker: BrokerView
  readonly unfinished: number
  /** Missing where nothing waits. */
  readonly oldest?: { readonly id: string; readonly source: string; readonly at: number }
}

export interface ServiceView {
  readonly name: 'producer' | 'consumer'
  readonly url: string
  /** `away`: it does not answer. */
  readonly state: 'ready' | 'degraded' | 'not_ready' | 'away' | 'unknown'
  /** Since when it is in this state. */
  readonly since: number
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
  /** When its process started. */
  readonly startedAt?: number
  /** Values of its metrics that have no labels, by their names. */
  readonly gauges: Readonly<Record<string, number>>
  /** The rules of the routes file that it goes by: empty for none. Missing where it does not tell. */
  readonly routes?: { readonly hash: string }
  /** The last minutes, oldest first. */
  readonly availability: readonly MinuteOfService[]
}

/** A minute in which it was looked at so often. */
export interface MinuteOfService {
  readonly at: number
  readonly looks: number
  readonly ready: number
}

export interface BrokerView {
  /** `records`: management cannot be asked, and why is in `detail`; the figures are the console's own. */
  readonly from: 'management' | 'records'
  readonly detail: string
  readonly groups: readonly GroupQueues[]
}

/** The queues of a group together. */
export interface GroupQueues {
  readonly name: string
  /** In nobody's hands. */
  readonly ready: number
  readonly inHand: number
  /** Between two attempts. */
  readonly waiting: number
  readonly dead: number
  /** Undefined where it is not known. */
  readonly consumers?: number
}
