import type { Sample } from './report'

/** What happens in a run, counted by the time since its beginning. */
export class RunClock {
  readonly startedAt = new Date().toISOString()
  readonly samples: Sample[] = []
  readonly #begin = performance.now()
  readonly #counts = { sent: 0, accepted: 0 }

  elapsedMs(): number {
    return Math.round(performance.now() - this.#begin)
  }

  get sent(): number {
    return this.#counts.sent
  }

  count(what: 'sent' | 'accepted'): void {
    this.#counts[what]++
  }

  /** Notes where the run stands; answers with a line for a person. */
  sample(processed: number): string {
    const { sent, accepted } = this.#counts
    this.samples.push({ atMs: this.elapsedMs(), sent, accepted, processed })
    return `sent ${sent}, accepted ${accepted}, processed ${processed}`
  }
}
