/** What the console shows of a message in a list. Times are in milliseconds since 1970. */
export interface MessageRow {
  /** Counted up in the order in which messages were met; a page ends at one. */
  readonly number: number
  readonly id: string
  readonly source: string
  readonly type: string
  readonly state: string
  /** Its first step and its last one, by the clocks of whoever took them. */
  readonly at: number
  readonly lastAt: number
  readonly groups: readonly GroupOfRow[]
  /** Why its last failed attempt failed. */
  readonly failure?: { readonly reason: string; readonly error: string }
  readonly correlationId?: string
  readonly causationId?: string
}

export interface GroupOfRow {
  readonly name: string
  readonly state: string
  readonly attempt: number
  readonly replays: number
}

export interface MessagePage {
  /** The newest first. */
  readonly rows: readonly MessageRow[]
  /** Hand it over as `before` for older ones; missing where there are none. */
  readonly next?: number
  readonly window: WindowFacts
}

/** Of what the console has in memory. */
export interface WindowFacts {
  readonly messages: number
  readonly most: number
  /** Of so many the console knows what they carried. */
  readonly contents: number
  /** Of the oldest of them; missing where there is none. */
  readonly since?: number
  /** `catching up`: what was told before the console started is still being read. */
  readonly state: 'catching up' | 'live' | 'broker away'
  /** The share of messages that are told at all, JOURNAL_SAMPLE. */
  readonly share: number
}
