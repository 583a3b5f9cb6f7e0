/** What a message type did within a window. */
export interface TypeWindow {
  readonly runs: number
  /** The geometric mean, which a single slow run hardly moves. */
  readonly latencyMs: number
  readonly perSecond: number
}

/** `drifts`: what is slower now may be how it is, since our own concurrency cannot be the cause. */
export type Upwards = 'stays' | 'drifts'

interface Baseline {
  latencyMs: number
  perSecond: number
}

// Fewer tell nothing.
const fewestRuns = 5
const mostTimes = 2
// A rise that a timer may have made.
const noiseMs = 10
const moreThroughput = 1.2
const downwards = 0.3
const upwards = 0.1

/** How long the runs of each message type usually take, each type compared with itself alone. */
export class LatencyBaselines {
  readonly #byType = new Map<string, Baseline>()

  /** A type takes more than twice as long as it used to, and no more of it is done for that. */
  hasRisen(type: string, { runs, latencyMs, perSecond }: TypeWindow): boolean {
    const usual = this.#byType.get(type)
    if (usual === undefined || runs < fewestRuns || perSecond > usual.perSecond * moreThroughput) return false
    return latencyMs > mostTimes * usual.latencyMs && latencyMs - usual.latencyMs > noiseMs
  }

  learn(type: string, { runs, latencyMs, perSecond }: TypeWindow, upwardsNow: Upwards): void {
    const usual = this.#byType.get(type)
    if (runs < fewestRuns) return
    if (usual === undefined) return void this.#byType.set(type, { latencyMs, perSecond })
    const speed = latencyMs < usual.latencyMs ? downwards : upwardsNow === 'drifts' ? upwards : 0
    usual.latencyMs += speed * (latencyMs - usual.latencyMs)
    usual.perSecond += upwards * (perSecond - usual.perSecond)
  }
}
