import type { MessageType } from '../../../shared/messages/message'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { randomHex } from '../../../shared/runtime/random-hex'
import type { FaultsView, TrialView } from '../views/faults'
import { probeDoor } from './probe-door'
import type { ProducerDoor } from '../producer/producer-door'
import { runTrial, type TrialParts } from './trial'
import type { TrialPlan, TrialRecord } from './trial-record'
import { trialView } from './trial-view'

export interface TrialsParts extends Omit<TrialParts, 'tryProbe'> {
  readonly producer: Pick<ProducerDoor, 'ask'>
  /** Called when a trial has ended, however it did. */
  readonly ended: (trial: TrialView) => void
}

interface Kept {
  readonly record: TrialRecord
  readonly cancel: AbortController
  readonly running: Promise<void>
}

const mostKept = 20

/** The trials since the console was started, of which one is under way at most. */
export class Trials {
  readonly #parts: TrialsParts
  readonly #kept: Kept[] = []

  constructor(parts: TrialsParts) {
    this.#parts = parts
  }

  /** Throws a problem while another is under way. */
  start(plan: TrialPlan, type: MessageType): TrialView {
    const current = this.#current()
    if (current !== undefined)
      throw new ProblemError(
        'trial-running',
        `the trial ${current.record.id} (${current.record.plan.fault}) is under way`,
      )
    const record = newRecord(plan, this.#parts.now())
    const cancel = new AbortController()
    const tryProbe = probeDoor(this.#parts.producer, type)
    const running = runTrial(record, { ...this.#parts, tryProbe }, cancel.signal).then(() =>
      this.#parts.ended(this.#view(record)),
    )
    this.#kept.unshift({ record, cancel, running })
    this.#kept.splice(mostKept)
    return this.#view(record)
  }

  list(): FaultsView['trials'] {
    return this.#kept.map(({ record }) => this.#view(record))
  }

  /** Throws a problem where there is none. */
  show(id: string): TrialView {
    return this.#view(this.#named(id).record)
  }

  /** Ends a trial before its time, where it has not ended; resolves when nothing of it is under way any more. */
  async cancel(id: string): Promise<TrialView> {
    const { record, cancel, running } = this.#named(id)
    cancel.abort()
    await running
    return this.#view(record)
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    const current = this.#current()
    current?.cancel.abort()
    await current?.running
  }

  #current(): Kept | undefined {
    return this.#kept.find(({ record }) => record.state === 'sending' || record.state === 'settling')
  }

  #named(id: string): Kept {
    const found = this.#kept.find(({ record }) => record.id === id)
    if (found === undefined) throw new ProblemError('unknown-trial', `there is no trial "${id}"`)
    return found
  }

  #view(record: TrialRecord): TrialView {
    return trialView(record, this.#parts.now())
  }
}

function newRecord(plan: TrialPlan, startedAt: number): TrialRecord {
  return {
    ...{ id: randomHex(4), plan, startedAt, followed: [], bands: [], state: 'sending' as const },
    ...{ endedAtMs: undefined, struck: undefined, trouble: undefined, unjudged: undefined },
  }
}
