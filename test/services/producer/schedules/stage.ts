import type { Posting } from '../../../../services/producer/accept'
import type { AcceptResult } from '../../../../services/producer/outcome'
import type { FiringEvents } from '../../../../services/producer/schedules/firing'
import { ScheduleKeeper } from '../../../../services/producer/schedules/keeper'
import { planOf } from '../../../../services/producer/schedules/plan'
import type { Schedule } from '../../../../shared/messages/schedule'
import type { FiringTable } from '../../../../shared/store/firing-table'
import { ManualClock } from '../../../support/manual-clock'
import { MemoryFirings } from './memory-firings'
import { ms, reports } from './reports'

export type Accepting = (posting: Posting) => AcceptResult | Promise<AcceptResult>

export interface Told {
  readonly what: 'fired' | 'missed' | 'delayed'
  readonly plannedAt: string
  readonly why: string
}

/** A producer's part of the stage. */
export interface Player {
  readonly keeper: ScheduleKeeper
  /** As a killed process: what it waits for never comes, and it does nothing more. */
  die(): void
  /** Sets its time of day forwards or backwards. */
  turn(byMs: number): void
}

export interface PlayerOptions {
  readonly schedule?: Schedule
  /** How far its clock is ahead of the others. */
  readonly aheadMs?: number
  readonly firings?: Partial<FiringTable>
  readonly accept?: Accepting
  readonly random?: () => number
}

const confirmed: AcceptResult = { outcome: 'confirmed', detail: 'confirmed' }

/** Producers over one store, whose time is moved by the test. */
export class Stage {
  readonly clock = new ManualClock()
  readonly firings: MemoryFirings
  readonly published: Posting[] = []
  readonly told: Told[] = []
  readonly #startMs: number
  #players = 0
  #pending = 0

  constructor(start = '2026-01-01T00:00:30.000Z') {
    this.#startMs = ms(start)
    this.firings = new MemoryFirings(() => this.clock.now())
  }

  now(): number {
    return this.#startMs + this.clock.now()
  }

  start(options: PlayerOptions = {}): Player {
    const { schedule = reports(), accept = () => confirmed, firings = {}, random = () => 0.99 } = options
    let { aheadMs = 0 } = options
    let isDead = false
    const alive =
      <A extends unknown[], T>(method: (...args: A) => T | Promise<T>) =>
      async (...args: A): Promise<T> => {
        if (isDead) await never
        this.#pending++
        const answer = await Promise.resolve(method(...args)).finally(() => this.#pending--)
        if (isDead) await never
        return answer
      }
    const table = { ...this.firings, ...firings }
    const keeper = new ScheduleKeeper(planOf(schedule), {
      namespace: 'test',
      producer: `producer-${this.#players++}`,
      clock: this.clock,
      random,
      timeOfDay: () => this.now() + aheadMs,
      firings: {
        watch: alive(table.watch),
        claim: alive(table.claim),
        release: alive(table.release),
        end: alive(table.end),
      },
      accept: alive(async (posting: Posting) => {
        const result = await accept(posting)
        if (result.outcome === 'confirmed') this.published.push(posting)
        return result
      }),
      events: this.#events(),
      storeAway: () => {},
    })
    keeper.start()
    return { keeper, die: () => void (isDead = true), turn: (byMs) => void (aheadMs += byMs) }
  }

  /** Lets a minute pass in steps, each after a store that takes real time has answered what was asked before. */
  async passMinute(): Promise<void> {
    for (let second = 0; second < 60; second++) {
      await this.clock.pass(1_000)
      while (this.#pending > 0) await this.clock.pass(0)
    }
  }

  /** The planned times of all that was published, in that order. */
  times(): readonly string[] {
    return this.published.map(({ envelope }) => (envelope.time ?? '').slice(11, 16))
  }

  /** What was told of firings, such as `fired 00:01`. */
  ends(): readonly string[] {
    return this.told.flatMap(({ what, plannedAt }) =>
      what === 'delayed' ? [] : [`${what} ${plannedAt.slice(11, 16)}`],
    )
  }

  #events(): FiringEvents {
    return {
      ended: (what, { plannedAt }, why) => void this.told.push({ what, plannedAt, why }),
      delayed: ({ plannedAt }, why) => void this.told.push({ what: 'delayed', plannedAt, why }),
    }
  }
}

const never = new Promise<never>(() => {})
