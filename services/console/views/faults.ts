/** What can be made to happen to whom, and what came of it. Times of a trial are in milliseconds since its start. */
export type FaultName = 'drop-link' | 'close-channel' | 'block-memory' | 'poison' | 'hang' | 'duplicate' | 'kill'

export type FaultTarget = 'producer' | 'consumer' | 'broker'

export interface FaultsView {
  readonly faults: readonly FaultView[]
  /** The message type of a trial that names none. */
  readonly type: string
  /** Why no trial can be judged; missing where one can. */
  readonly unjudged?: string
  /** Since the console was started, the newest first. */
  readonly trials: readonly TrialView[]
}

export interface FaultView {
  readonly name: FaultName
  readonly title: string
  /** What happens, in a sentence. */
  readonly what: string
  /** What a person has to agree to; missing where it reaches no further than a connection or a message. */
  readonly agree?: string
  readonly targets: readonly FaultPlace[]
}

export interface FaultPlace {
  readonly name: FaultTarget
  /** Why it cannot be done there now; missing where it can. */
  readonly obstacle?: string
  /** What a person would run instead. */
  readonly command?: string
}

/** `sending`: messages are sent. `settling`: all are sent, and some have no end yet. */
export type TrialState = 'sending' | 'settling' | 'ended' | 'cancelled' | 'failed'

export interface TrialView {
  readonly id: string
  readonly fault: FaultName
  readonly title: string
  readonly target: FaultTarget
  readonly type: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly state: TrialState
  /** How long it has been going on, or went on. */
  readonly elapsedMs: number
  /** Messages are sent until then, which depends on when the fault struck. */
  readonly sendsForMs: number
  readonly perSecond: number
  /** Missing until it has struck. */
  readonly struck?: { readonly atMs: number; readonly detail: string; readonly untilMs?: number }
  readonly bars: TrialBars
  readonly bands: readonly ServiceBand[]
  readonly moments: readonly { readonly atMs: number; readonly what: string }[]
  readonly counts: TrialCounts
  /** The longest time between two, of those that end after the fault; missing before that. */
  readonly gaps: { readonly accepted?: TrialGap; readonly processed?: TrialGap }
  /** At most 50. */
  readonly ofInterest: readonly MessageOfInterest[]
  readonly verdict?: TrialVerdict
}

/** How many in each span of time. */
export interface TrialBars {
  readonly spanMs: number
  readonly accepted: readonly number[]
  readonly processed: readonly number[]
}

/** A time in which a service was not as it had been at the start. */
export interface ServiceBand {
  readonly service: 'producer' | 'consumer'
  readonly state: 'degraded' | 'not_ready' | 'away'
  readonly fromMs: number
  /** Missing while it lasts. */
  readonly toMs?: number
}

export interface TrialCounts {
  readonly sent: number
  readonly accepted: number
  /** Refused at least once, and repeated with their key. */
  readonly refused: number
  /** Of which it was not known at least once whether they were taken; repeated with their key. */
  readonly unknown: number
  /** Never accepted: their caller was told, so they are not lost. */
  readonly givenUp: number
  readonly processed: number
  /** Of those: delivered again after their effect, which happened once. */
  readonly absorbed: number
  /** The journal told no end of them, and the inbox did: it absorbed a copy of each. */
  readonly untold: number
  /** Tried again after a failed attempt. */
  readonly retried: number
  readonly dead: number
  /** Accepted, and no end yet; once the trial has ended these are the lost ones. */
  readonly open: number
}

export interface TrialGap {
  readonly ms: number
  readonly fromMs: number
}

export interface MessageOfInterest {
  readonly id: string
  readonly source: string
  readonly what: 'lost' | 'dead' | 'retried' | 'duplicate' | 'known by the inbox'
  readonly detail: string
  /** Where its dead letter is. */
  readonly group?: string
}

export interface TrialVerdict {
  /** `odd`: nothing is lost, and something is not as the fault lets one expect. */
  readonly outcome: 'kept' | 'odd' | 'lost' | 'unjudged'
  readonly text: string
}
