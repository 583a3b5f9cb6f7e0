import { clearImmediate as realClearImmediate, setImmediate as realSetImmediate } from 'node:timers'
import type { Life } from './life'

interface Event {
  readonly at: number
  readonly order: number
  readonly life: Life | undefined
  readonly run: () => void
  isCancelled: boolean
}

/** 2026-01-01T00:00:00Z. */
const epochMs = 1_767_225_600_000

/**
 * The only clock of a simulated world. Events happen one by one, in the order of their times; between two of them every
 * promise and callback comes to its rest, so that the same events make the same run. An event belongs to the life in
 * which it was planned, and does not happen when that has ended.
 */
export class VirtualTime {
  /** Whose event is happening; undefined while it is the world's own. */
  life: Life | undefined
  /** Milliseconds since the world began. */
  now = 0
  events = 0
  /** Told what an event of a life that has not ended threw, or a promise that nobody handles. */
  onFault: (life: Life | undefined, error: Error) => void = () => {}
  readonly #heap: Event[] = []
  #order = 0

  get wallMs(): number {
    return Math.floor(epochMs + this.now)
  }

  /** Plans an event, for whose life it is, and returns how to cancel it. */
  after(ms: number, run: () => void, life = this.life): () => void {
    const event: Event = {
      at: this.now + Math.max(0, Number.isNaN(ms) ? 0 : ms),
      order: this.#order++,
      life,
      run,
      isCancelled: false,
    }
    push(this.#heap, event)
    return () => (event.isCancelled = true)
  }

  /** As {@link after}, for an event of the world's own. */
  afterInWorld(ms: number, run: () => void): () => void {
    const event: Event = {
      at: this.now + Math.max(0, ms),
      order: this.#order++,
      life: undefined,
      run,
      isCancelled: false,
    }
    push(this.#heap, event)
    return () => (event.isCancelled = true)
  }

  /** Does something as a part of this life, now. */
  as<T>(life: Life | undefined, work: () => T): T {
    const before = this.life
    this.life = life
    try {
      return work()
    } finally {
      this.life = before
    }
  }

  uncaught(error: Error): void {
    if (this.life?.isAlive !== false) this.onFault(this.life, error)
  }

  /** Lets events happen until the condition holds, there is none left, or that time has come. Returns whether it held. */
  runUntil(isMet: () => boolean, deadlineMs: number): Promise<boolean> {
    return stepByStep(() => {
      this.life = undefined
      if (isMet()) return { held: true }
      const event = this.#next()
      if (event === undefined || event.at > deadlineMs) return { held: false }
      this.#happen(event)
      return undefined
    })
  }

  /** The next event of the world or of a life that has not ended; undefined when there is none. */
  #next(): Event | undefined {
    for (;;) {
      const event = pop(this.#heap)
      if (event === undefined || !(event.isCancelled || event.life?.isAlive === false)) return event
    }
  }

  #happen({ at, life, run }: Event): void {
    this.now = at
    this.events++
    this.life = life
    try {
      run()
    } catch (error) {
      this.uncaught(error as Error)
    }
  }
}

const stepsAtATime = 256

/**
 * Takes steps until one answers with an end. Between two of them all microtasks and ticks run, as between any two of Node's
 * immediates. Nothing else in this process waits for the real event loop, whose round costs more than a step: one is
 * enough for many of them.
 */
function stepByStep(step: () => { readonly held: boolean } | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let planned: NodeJS.Immediate[] = []
    const end = (settle: () => void) => {
      planned.forEach(realClearImmediate)
      planned = []
      settle()
    }
    const once = () => {
      try {
        const ended = step()
        if (ended !== undefined) end(() => resolve(ended.held))
      } catch (error) {
        end(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
    }
    const plan = () => {
      planned = Array.from({ length: stepsAtATime }, () => realSetImmediate(once))
      planned.push(realSetImmediate(plan))
    }
    plan()
  })
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(event, heap[parent] as Event)) break
    heap[at] = heap[parent] as Event
    at = parent
  }
  heap[at] = event
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= heap.length) break
    const right = left + 1
    const child = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event) ? right : left
    if (!isBefore(heap[child] as Event, last)) break
    heap[at] = heap[child] as Event
    at = child
  }
  heap[at] = last
  return first
}
