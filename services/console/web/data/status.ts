/** What the producer says of a message: `GET /messages/ID`. */
export interface Status {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly state: string
  readonly correlationId?: string
  readonly causationId?: string
  readonly groups: readonly {
    readonly name: string
    readonly state: string
    readonly attempt: number
    readonly replays: number
  }[]
  readonly timeline: readonly TimelineStep[]
  readonly children: readonly Relative[]
  readonly related: readonly Relative[]
}

export interface TimelineStep {
  readonly step: string
  /** RFC 3339. */
  readonly at: string
  readonly group?: string
  readonly attempt?: number
  readonly replays?: number
  readonly groups?: readonly string[]
  readonly rule?: string
  readonly reason?: string
  readonly error?: string
  readonly afterMs?: number
  readonly until?: string
  readonly effect?: string
  readonly by?: string
  readonly why?: string
}

export interface Relative {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly state: string
}
