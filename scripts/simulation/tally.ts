import { fewerThanOneIn } from '../../shared/verification/rule-of-three'
import type { SimulatedRun } from './run-workers'

/** What many runs come to. */
export class Tally {
  runs = 0
  readonly failed: SimulatedRun[] = []
  #messages = 0
  #worldMs = 0
  #processorMs = 0
  readonly #troubles = new Map<string, number>()

  add(run: SimulatedRun): void {
    this.runs++
    this.#messages += run.messages
    this.#worldMs += run.lastedMs
    this.#processorMs += run.processorMs
    for (const trouble of run.troubles) this.#troubles.set(trouble, (this.#troubles.get(trouble) ?? 0) + 1)
    if (run.faults.length > 0) this.failed.push(run)
  }

  /** Lines for a person; it took so many seconds. */
  lines(seconds: number): readonly string[] {
    const hours = (this.#worldMs / 3_600_000).toFixed(1)
    const kinds = [...this.#troubles].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ${times}`)
    return [
      `${this.runs} runs, ${this.#messages} messages, ${hours} hours of their own time in ${seconds.toFixed(0)} s`,
      `${(this.runs / seconds).toFixed(1)} runs a second, each with ${(this.#processorMs / this.runs).toFixed(1)} ms of a processor's time`,
      `runs in which there was: ${kinds.join(', ')}`,
      this.failed.length === 0
        ? `every promise kept: with 95 % confidence, fewer than one such run in ${fewerThanOneIn(this.runs) ?? 1} breaks one`
        : `${this.failed.length} runs broke a promise: ${this.failed.map(({ seed }) => seed).join(', ')}`,
    ]
  }
}
