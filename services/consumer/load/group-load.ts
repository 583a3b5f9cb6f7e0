import type { Delivery, Envelope, Urgency, Verdict } from '../../../shared/messaging/transport'
import type { Random } from '../../../shared/runtime/backoff'
import type { Clock } from '../../../shared/runtime/clock'
import type { Job } from '../work'
import { AdaptiveLimit, type Strain } from './adaptive-limit'
import { Circuit, type CircuitState } from './circuit'
import { FreeTrials } from './free-trials'
import { GroupTurns } from './group-turns'
import { inHandMs } from './in-hand'
import type { HandlerRun } from './limit-window'
import { mayMakeWay } from './may-make-way'
import { NotNow } from './not-now'
import { WaitingRoom } from './waiting-room'

export interface LoadSettings {
  /** `CONCURRENCY`: no group runs more handlers at once. */
  readonly ceiling: number
  /** `CONCURRENCY_FLOOR`: whatever happens, it may run so many. */
  readonly floor: number
  /** `BREAKER_FAILURES`. */
  readonly failures: number
  /** `BREAKER_PAUSE_MS`. */
  readonly pauseMs: number
  /** How many deliveries the broker hands out ahead for each group. */
  readonly prefetch: number
  /** How many of each urgency are in work or wait for their turn; of the normal ones, out of these. */
  readonly windows: Readonly<Record<Urgency, number>>
}

export interface LoadParts {
  readonly settings: LoadSettings
  readonly lagMs: () => number
  readonly clock: Clock
  readonly random: Random
}

/** What is told of a group, to a person or a metric. */
export interface LoadStatus {
  readonly limit: number
  readonly ceiling: number
  readonly strain: Strain | undefined
  readonly circuit: CircuitState
  /** Failures in a row, and what the last said. */
  readonly failures: Circuit['failures']
  readonly nextTrialInMs: number
}

export interface GroupLoadParts extends LoadParts {
  readonly types: number
  readonly changed: (what: 'limit' | 'circuit') => void
}

/** A run that has ended, and what it failed with. */
export type EndedRun = HandlerRun & { readonly error?: Error }

/** How much of a group's work is done at once: its turns, their adaptive limit, and its circuit. */
export class GroupLoad {
  readonly #parts: GroupLoadParts
  readonly #circuit: Circuit
  readonly #room: WaitingRoom
  readonly #limit: AdaptiveLimit
  readonly #turns: GroupTurns
  readonly #freeTrials = new FreeTrials()

  constructor(parts: GroupLoadParts) {
    const { settings, clock, random, lagMs, types } = parts
    const { floor, ceiling, failures, pauseMs, windows, prefetch } = settings
    this.#parts = parts
    this.#circuit = new Circuit({ failures, pauseMs, ceiling, clock, random, changed: () => this.#circuitChanged() })
    // What the broker has handed out and is not in the room yet waits as long: so long all of them may take together.
    const longestMs = (inHandMs * windows.normal) / prefetch
    this.#room = new WaitingRoom({ circuit: this.#circuit, clock, longestMs })
    this.#limit = new AdaptiveLimit({ floor, ceiling, lagMs, clock })
    this.#turns = new GroupTurns({ limit: () => this.#limitNow(), types, windows, clock })
  }

  status(): LoadStatus {
    const { state: circuit, failures, trialAt } = this.#circuit
    const nextTrialInMs = Math.max(0, trialAt - this.#parts.clock.now())
    const { ceiling } = this.#parts.settings
    return { limit: this.#limitNow(), ceiling, strain: this.#limit.strain, circuit, failures, nextTrialInMs }
  }

  /** Has the verdict given by `next` when the group may go on. */
  async pass(delivery: Delivery, signal: AbortSignal, next: () => Promise<Verdict>): Promise<Verdict> {
    // What cannot be read never reaches a handler.
    if (delivery.content.kind === 'malformed') return next()
    const { content, attempt, urgency = 'normal' } = delivery
    const { envelope } = content
    const key = keyOf(envelope)
    for (;;) {
      const entry = await this.#room.enter({ key, attempt, urgency }, signal)
      if (entry === 'closing') return { kind: 'release' }
      if (entry === 'waited long') {
        if (mayMakeWay(envelope)) return { kind: 'defer' }
        continue
      }
      const verdict = entry === 'trial' ? await this.#try(envelope, key, next) : await whatCameOf(next)
      if (verdict !== 'wait') return verdict
    }
  }

  /** Runs a handler when its turn comes. Rejects with {@link NotNow}, and with what `work` rejects with. */
  async take<T>(job: Pick<Job, 'handler' | 'envelope' | 'urgency'>, work: () => Promise<T>): Promise<T> {
    const { handler, envelope, urgency } = job
    if (this.#circuit.state !== 'closed' && !this.#circuit.isTrial(keyOf(envelope))) throw new NotNow('circuit open')
    const claim = { type: handler.type.name, urgency, place: mayMakeWay(envelope) ? 'may change' : 'is kept' } as const
    return this.#turns.take(claim, () => {
      this.#limit.inUse(this.#turns.taken)
      return work()
    })
  }

  /** Every run of a handler is noted when it has ended, while it still has its turn. */
  note({ envelope }: Pick<Job, 'envelope'>, { error, ...run }: EndedRun): void {
    const before = this.#limitNow()
    if (run.ended === 'well') this.#circuit.succeeded(keyOf(envelope))
    if (error !== undefined) this.#circuit.failed(keyOf(envelope), error)
    this.#limit.note(run)
    if (this.#limitNow() === before) return
    this.#turns.admit()
    this.#parts.changed('limit')
  }

  close(): void {
    this.#room.close()
    this.#turns.close()
  }

  /** A trial that fails costs no attempt: it was run only to see how the dependency does. */
  async #try(envelope: Envelope, key: string, next: () => Promise<Verdict>): Promise<Verdict | 'wait'> {
    let verdict: Verdict | 'wait'
    let ended: ReturnType<Circuit['endTrial']> = 'otherwise'
    try {
      verdict = await whatCameOf(next)
    } finally {
      ended = this.#circuit.endTrial(key)
    }
    if (ended === 'otherwise' || !isOfFailure(verdict)) return verdict
    this.#room.triedInVain(key)
    if (!this.#freeTrials.take(key)) return verdict
    return mayMakeWay(envelope) ? { kind: 'defer' } : 'wait'
  }

  #limitNow(): number {
    return Math.max(1, Math.min(this.#limit.current, this.#circuit.cap))
  }

  #circuitChanged(): void {
    const { state } = this.#circuit
    if (state === 'open') this.#turns.refuseAll('circuit open')
    if (state === 'closed') this.#freeTrials.forget()
    this.#room.changed()
    this.#parts.changed('circuit')
  }
}

function keyOf({ source, id }: Envelope): string {
  return `${source}\n${id}`
}

async function whatCameOf(next: () => Promise<Verdict>): Promise<Verdict | 'wait'> {
  try {
    return await next()
  } catch (error) {
    if (!(error instanceof NotNow)) throw error
    return error.reason === 'makes way' ? { kind: 'defer' } : 'wait'
  }
}

function isOfFailure(verdict: Verdict | 'wait'): boolean {
  return verdict !== 'wait' && (verdict.kind === 'retry' || verdict.kind === 'reject')
}
