import type { FaultName, FaultTarget, ServiceBand, TrialState } from '../views/faults'

/** What is asked for, complete. */
export interface TrialPlan {
  readonly fault: FaultName
  readonly target: FaultTarget
  readonly type: string
  /** Of a poisoned message. */
  readonly body: 'no JSON' | 'wrong shape'
  readonly copies: number
  readonly perSecond: number
  readonly strikesAtMs: number
  /** How long messages are sent after it has struck. */
  readonly goesOnForMs: number
  /** Of the broker's memory: for how long. */
  readonly holdMs: number
}

export type TryOutcome = 'accepted' | 'refused' | 'unknown'

/** A message that the trial sends, or that the fault has made. Times are in milliseconds since the start of the trial. */
export interface Followed {
  readonly kind: 'probe' | 'poison' | 'duplicate'
  /** Of a probe known once it is accepted. */
  id: string | undefined
  readonly source: string
  /** It was sent once more, past the door, since the journal did not tell its end. */
  isRepeated: boolean
  readonly tries: { readonly atMs: number; readonly outcome: TryOutcome }[]
  story: Story | undefined
}

/** What the journal says of a message. */
export interface Story {
  readonly state: string
  readonly isSettled: boolean
  /** When it was processed last, not counting repetitions. */
  readonly processedAtMs: number | undefined
  /** How often its effect was applied, over all groups. */
  readonly applied: number
  readonly duplicates: number
  readonly groups: number
  readonly failed: number
  /** Of the last failure. */
  readonly reason: string | undefined
  readonly error: string | undefined
  readonly deadIn: string | undefined
}

/** All that is known of a trial; grows while it goes on. */
export interface TrialRecord {
  readonly id: string
  readonly plan: TrialPlan
  /** Milliseconds since 1970. */
  readonly startedAt: number
  state: TrialState
  endedAtMs: number | undefined
  struck: { readonly atMs: number; readonly detail: string; readonly untilMs?: number } | undefined
  readonly followed: Followed[]
  readonly bands: ServiceBand[]
  /** Why it failed, or what came of it beside messages. */
  trouble: string | undefined
  /** Why it cannot be judged. */
  unjudged: string | undefined
}

/** When the last message is sent: a command to the broker may take its time to strike. */
export function sendsUntil({ plan, struck }: Pick<TrialRecord, 'plan' | 'struck'>): number {
  return (struck?.atMs ?? plan.strikesAtMs) + plan.goesOnForMs
}

export function acceptedAt({ tries }: Pick<Followed, 'tries'>): number | undefined {
  return tries.find(({ outcome }) => outcome === 'accepted')?.atMs
}
