import { setTimeout as pause } from 'node:timers/promises'
import type { OwnParcel } from './parcels'

const mostBehind = 20_000
const stuckAfterMs = 300_000
const betweenLooksMs = 50

/** How far the consumer lags behind what was accepted. The load waits for it, so that the end comes soon after the last message. */
export class Backlog {
  #promised = 0
  #effectsToCome = 0
  #processed = 0
  #movedAt = performance.now()
  #isHeld = false

  /** Places in which accepted messages must be found: one for each group that takes one. */
  get promised(): number {
    return this.#promised
  }

  get behind(): number {
    return Math.max(0, this.#effectsToCome - this.#processed)
  }

  accepted({ expected, effects }: Pick<OwnParcel, 'expected' | 'effects'>): void {
    this.#promised += Object.keys(expected).length
    this.#effectsToCome += effects
  }

  /** So many effects there are by now. */
  processed(count: number): void {
    if (count !== this.#processed) this.#movedAt = performance.now()
    this.#processed = count
  }

  /** Holds back new messages, or lets them come again. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
  }

  /** Resolves when it is small enough and nobody holds it, or `signal` is given; rejects when nothing has moved for five minutes. */
  async room(signal: AbortSignal): Promise<void> {
    while ((this.behind > mostBehind || this.#isHeld) && !signal.aborted) {
      if (!this.#isHeld && performance.now() - this.#movedAt > stuckAfterMs)
        throw new Error(`${this.behind} effects are missing and none has come for ${stuckAfterMs / 1_000} s`)
      await pause(betweenLooksMs)
    }
  }
}
