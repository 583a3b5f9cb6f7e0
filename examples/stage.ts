import type { EmbeddedProducer } from '../services/producer/embedded'
import type { Group } from '../shared/messages/group'

/**
 * What an example is shown on: a broker, a store that all its processes share, and processes that it may start and kill.
 * All of it is ended and removed when the example has ended.
 */
export interface Stage {
  readonly brokerUrl: string
  /** What the names of all its objects at the broker begin with. */
  readonly namespace: string
  /** For files of its own; deleted at the end. */
  readonly folder: string
  /** Tells a person one line. */
  readonly say: (line: string) => void
  /** Says that a promise was kept; throws, with what was found, when it was not. */
  readonly expect: (promise: string, facts: Found) => void
  /** Waits until this is so; rejects after a minute. */
  readonly until: (what: string, isSo: () => boolean | Promise<boolean>) => Promise<void>
  /** Rows of a query on the store. */
  readonly rows: (sql: string, params?: readonly (string | number)[]) => Promise<readonly Row[]>
  /** The dead letters of a group, oldest first; each stays where it is. */
  readonly deadLetters: (group: string) => Promise<readonly DeadLetterFacts[]>
  /** A producer within this process, closed at the end. */
  readonly openProducer: (domain?: Known) => Promise<EmbeddedProducer>
  /** A producer with its HTTP door, in a process of its own; resolves when it is ready. */
  readonly startProducer: (facts?: StartFacts) => Promise<RunningProcess>
  /** A consumer in a process of its own; resolves when it is ready. */
  readonly startConsumer: (facts?: StartFacts) => Promise<RunningProcess>
  /** Any other program, with the broker's URL and the namespace in its environment; what it prints is said. */
  readonly startProgram: (command: string, args: readonly string[]) => RunningProcess
}

export interface Found {
  readonly found: unknown
  readonly wanted: unknown
}

export type Row = Readonly<Record<string, string | number | null | Uint8Array>>

export interface DeadLetterFacts {
  readonly id: string | undefined
  readonly type: string | undefined
  /** Why it was parked. */
  readonly reason: string | undefined
  readonly data: string
}

export interface Known {
  /** The groups that there are, as groups.ts of a service would say. By default all of the example. */
  readonly groups?: readonly Group[]
}

export interface StartFacts extends Known {
  /** Settings beside those that keep the example apart. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface RunningProcess {
  readonly pid: number
  /** Of its HTTP door; empty where it has none. */
  readonly url: string
  /** Ends it by SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Asks it to stop; resolves when it has. */
  readonly stop: () => Promise<void>
}
