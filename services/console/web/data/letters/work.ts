/** What was asked for in this tab, for as long as it is open: it goes on, and its end is told, also on another page. */
export interface Work {
  readonly number: number
  readonly group: string
  /** `Replay of 12 dead letters of ledger`. */
  readonly title: string
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  readonly done: number
  /** How many there will be. */
  readonly all: number
  /** How it is going, or how it ended, in words. */
  readonly says: string
  /** Where to go from there. */
  readonly link?: { readonly href: string; readonly text: string } | undefined
  /** What became of each, where that is told. */
  readonly results?: readonly WorkResult[]
  /** So many more there are than are kept of these. */
  readonly untold?: number
  readonly stop?: (() => void) | undefined
}

export interface WorkResult {
  readonly name: string
  readonly outcome: string
  readonly kind: 'done' | 'not done'
  /** Where it went, or why it did not. */
  readonly detail?: string
  readonly message?: { readonly id: string; readonly source: string | undefined }
  /** As the console told it. */
  readonly line: object
}
