/**
 * What may happen to a message.
 * - `accepted`: it came in, and its caller was told that it is on stable storage.
 * - `stored`: it waits in the spool or in the outbox. `published`: it was sent to the broker, which may have it.
 * - `routed`: the broker confirmed it in the queues of its groups. `unrouted`: no group takes it, and it is kept apart.
 *   `dropped`: a rule of the routes file wants it nowhere.
 * - `delayed`: it waits at the broker until it is due. `cancelled`: a person took it back before that.
 * - `delivered`, `failed`, `waiting`, `processed`, `filtered`, `dead`: an attempt of a group, and what came of it; what its
 *   rules do not want is filtered.
 * - `replayed`, `discarded`: what a person did to its dead letter.
 */
export const stepKinds = [
  'accepted',
  'stored',
  'published',
  'routed',
  'unrouted',
  'delayed',
  'dropped',
  'delivered',
  'failed',
  'waiting',
  'processed',
  'filtered',
  'dead',
  'replayed',
  'discarded',
  'cancelled',
] as const

export type StepKind = (typeof stepKinds)[number]

/** Further facts of a step; no payload and no secret. */
export interface StepFacts {
  /** Of `routed` and `delayed`: who takes it. */
  readonly groups?: readonly string[]
  /** Of `dropped`: the name of the rule. */
  readonly rule?: string
  /** Of `failed` and `dead`. */
  readonly reason?: string
  readonly error?: string
  /** Of `waiting`: how long until the next attempt, in milliseconds. */
  readonly afterMs?: number
  /** Of `delayed`: when it is due, RFC 3339. */
  readonly until?: string
  /** Of `processed`: its effect had been applied before. */
  readonly effect?: 'duplicate'
  /** Of `replayed` and `discarded`. */
  readonly by?: string
  readonly why?: string
}

export interface Step {
  readonly kind: StepKind
  /** Milliseconds since 1970, by the clock of whoever took the step. */
  readonly at: number
  readonly group?: string
  /** The first is 1. */
  readonly attempt?: number
  /** How often the message had been replayed by then. */
  readonly replays?: number
  readonly facts?: StepFacts
}

/** A message as its steps know it. */
export interface StepMessage {
  readonly id: string
  readonly source: string
  readonly type: string
  /** The id of the first message of the whole that this one belongs to. */
  readonly correlationId?: string
  /** The id of the message that it followed from. */
  readonly causationId?: string
}

/** A step and the name under which it was told, which tells a repetition. */
export interface ToldStep extends Step {
  readonly key: string
}
