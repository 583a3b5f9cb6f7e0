import type { PublishOutcome, TransportEvents } from '../transport'

export interface LostRoutesParts {
  /** Declares the topology again, its bindings too. */
  readonly repair: () => Promise<void>
  readonly events: Pick<TransportEvents, 'unroutable' | 'fault'>
}

const repairEveryMs = 5_000

/**
 * Which commands found no queue. Each has one in the plan, so somebody deleted the binding: that is told, and mended for
 * the next one. Nothing tells of an event whose binding is gone, for it goes where events go that nobody wants.
 */
export class LostRoutes {
  readonly #types = new Set<string>()
  readonly #parts: LostRoutesParts
  #repairedAt = -Infinity

  constructor(parts: LostRoutesParts) {
    this.#parts = parts
  }

  get types(): readonly string[] {
    return [...this.#types]
  }

  note(type: string, outcome: PublishOutcome): void {
    if (outcome === 'confirmed') this.#types.delete(type)
    if (outcome !== 'unroutable') return
    if (!this.#types.has(type)) this.#parts.events.unroutable(type)
    this.#types.add(type)
    this.#repair()
  }

  // Callers may ask a thousand times a second for what cannot be mended, and each repair is some eighty questions.
  #repair(): void {
    const now = performance.now()
    if (now - this.#repairedAt < repairEveryMs) return
    this.#repairedAt = now
    const { repair, events } = this.#parts
    repair().catch((error: unknown) => events.fault('could not declare the topology again', (error as Error).message))
  }
}
