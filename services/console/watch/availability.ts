import type { MinuteOfService } from '../views/system'

const minuteMs = 60_000
const keptMinutes = 24 * 60

/** How often a service was ready when it was looked at, for each minute of the last day. */
export class Availability {
  readonly #minutes: { at: number; looks: number; ready: number }[] = []

  note(now: number, outcome: 'ready' | 'not ready'): void {
    const at = Math.floor(now / minuteMs) * minuteMs
    let last = this.#minutes.at(-1)
    if (last?.at !== at) {
      last = { at, looks: 0, ready: 0 }
      this.#minutes.push(last)
      if (this.#minutes.length > keptMinutes) this.#minutes.shift()
    }
    last.looks++
    if (outcome === 'ready') last.ready++
  }

  /** Minutes in which nobody looked are missing. */
  last(minutes: number): readonly MinuteOfService[] {
    return this.#minutes.slice(-minutes)
  }
}
