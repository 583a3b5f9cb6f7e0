import type { Wrong } from '../check-data'
import type { DeathsTime } from './deaths'

/** What the console says of dead letters: `GET /dead-letters` and what stands below it. */
export interface GroupCount {
  readonly name: string
  /** Those that nobody holds. */
  readonly ready: number
}

export type Extent = 'all' | 'up to the limit' | 'in part'

export interface Looked {
  readonly group: string
  readonly ready: number
  readonly seen: Extent
}

export interface Letter {
  /** Missing where nobody could understand the message. */
  readonly id?: string
  readonly source?: string
  readonly type?: string
  readonly reason?: string
  readonly error?: string
  readonly signature: string
  readonly attempts?: number
  readonly replays: number
  readonly firstSeen?: string
  readonly deadAt?: string
  readonly route?: string
  readonly contentType?: string
}

export interface LetterList extends Looked {
  readonly letters: readonly Letter[]
}

/** Letters that died of the same. */
export interface Failure {
  readonly signature: string
  readonly type?: string
  readonly reason?: string
  readonly pattern: string
  readonly count: number
  readonly firstDeadAt?: string
  readonly lastDeadAt?: string
  /** An id. */
  readonly example?: string
  /** How many died in each piece of the time that the list tells. */
  readonly deaths?: readonly number[]
}

export interface FailureList extends Looked {
  readonly selected: number
  readonly deaths?: DeathsTime
  readonly failures: readonly Failure[]
}

export interface WholeLetter extends Letter {
  readonly stack?: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
  /** One of the two: bytes that are no text stand in the second. */
  readonly body?: string
  readonly bodyBase64?: string
  /** Where the body is a whole CloudEvent. */
  readonly data?: string
  readonly replaysTo: string
  readonly schemaErrors: readonly Wrong[]
}

/** What a replay or a discard would do. */
export interface DryRun extends Looked {
  readonly selected: number
  /** The first thousand. */
  readonly letters: readonly {
    readonly id?: string
    readonly type?: string
    readonly reason?: string
    /** A queue; null for nowhere. */
    readonly to: string | null
  }[]
}
