/** A message that is on its way, and when its consumer has acked it, by {@link monotonicMs}. */
export interface Expected {
  readonly serial: number
  readonly ackedAt: Promise<number>
}

const withinMs = 60_000

/** Waits for the acks that a consumer started with `bench/report-acks.cjs` tells of. */
export class Acks {
  #lastSerial = 0
  readonly #waiting = new Map<number, (atMs: number) => void>()

  /** The next message; `ackedAt` rejects when no ack is told of within a minute. */
  expect(): Expected {
    const serial = ++this.#lastSerial
    const ackedAt = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(serial)
        reject(new Error(`message ${serial} was not acked within ${withinMs / 1_000} seconds`))
      }, withinMs).unref()
      this.#waiting.set(serial, (atMs) => (clearTimeout(late), resolve(atMs)))
    })
    // Whoever sends it may fail first, and then nobody waits for this.
    ackedAt.catch(() => {})
    return { serial, ackedAt }
  }

  /** What the consumer's process says; what is no news of acks is passed over. */
  readonly hear = (said: unknown): void => {
    const { acks = [] } = said as { readonly acks?: readonly (readonly [serial: number, atMs: number])[] }
    for (const [serial, atMs] of acks) {
      this.#waiting.get(serial)?.(atMs)
      this.#waiting.delete(serial)
    }
  }
}
