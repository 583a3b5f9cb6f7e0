import type { Clock } from '../runtime/clock'
import type { Outbox, OutboxRow } from '../store/outbox'
import { messageOf, type OutboxMessageFacts } from './outbox-message'
import { laneOf, type Stored, type StoredMessage, type StoredMessages } from './stored-message'

/** A row that this relay has claimed. */
export interface ClaimedRow extends Stored {
  readonly row: OutboxRow
}

export interface OutboxMessagesParts extends OutboxMessageFacts {
  /** The relay's name. */
  readonly relay: string
  readonly outbox: Pick<Outbox, 'remove' | 'refuse' | 'renew'>
  readonly clock: Clock
  /** A row is no message and was taken out of the way. */
  readonly refused: (facts: { readonly seq: string; readonly messageType: string; readonly why: string }) => void
  /** Rows whose messages the broker has could not be deleted; tried again. */
  readonly failed: (error: Error) => void
  /** Rows were deleted. */
  readonly removed: () => void
}

interface Held {
  readonly row: OutboxRow
  /** When it was claimed, or the claim renewed, by our clock. */
  claimedAt: number
}

const removeAgainMs = 1_000
/** A claim of this age may be another relay's by now: it lasts half a minute by the database's clock. */
const doubtfulAfterMs = 20_000

/** The claimed rows as the messages that they are; those that the broker has are deleted together. */
export class OutboxMessages implements StoredMessages<ClaimedRow> {
  readonly #parts: OutboxMessagesParts
  /** By their numbers. One is held until it is deleted, so that it is not taken for a new one meanwhile. */
  readonly #held = new Map<string, Held>()
  #gone: string[] = []
  #removing: Promise<void> | undefined
  #renewing: Promise<ReadonlySet<string>> | undefined
  /** Ends the wait after a deletion that failed. */
  #removeAgain: (() => void) | undefined

  constructor(parts: OutboxMessagesParts) {
    this.#parts = parts
  }

  /** How many are held, but for those of these types. */
  countWithout(types: readonly string[]): number {
    if (types.length === 0) return this.#held.size
    return [...this.#held.values()].filter(({ row }) => !types.includes(row.type)).length
  }

  /** Undefined when this relay has it already. */
  hold(row: OutboxRow): ClaimedRow | undefined {
    const claimedAt = this.#parts.clock.now()
    const held = this.#held.get(row.seq)
    if (held !== undefined) held.claimedAt = claimedAt
    else this.#held.set(row.seq, { row, claimedAt })
    const { type, orderingKey: partitionkey } = row
    const lane = laneOf({ type, extensions: partitionkey === undefined ? {} : { partitionkey } })
    return held === undefined ? { row, lane } : undefined
  }

  /** Keeps the claims; answers with the rows that are still ours. The others are noticed when they are to be sent. */
  async renew(): Promise<ReadonlySet<string>> {
    const seqs = [...this.#held.keys()]
    const at = this.#parts.clock.now()
    const ours = seqs.length === 0 ? [] : await this.#parts.outbox.renew(this.#parts.relay, seqs)
    for (const seq of ours) {
      const held = this.#held.get(seq)
      if (held !== undefined) held.claimedAt = at
    }
    return new Set(ours)
  }

  async read({ row }: ClaimedRow): Promise<StoredMessage | 'damaged' | 'elsewhere'> {
    if (!(await this.#isOurs(row))) return 'elsewhere'
    try {
      return messageOf(row, this.#parts)
    } catch (error) {
      await this.#refuse(row, (error as Error).message)
      return 'damaged'
    }
  }

  done({ row }: ClaimedRow): void {
    // One that was refused, or is another relay's, is no longer held, and stays in the table.
    if (!this.#holds(row)) return
    this.#gone.push(row.seq)
    if (this.#removeAgain === undefined) this.#removing ??= this.#removeSoon()
  }

  setAside({ row }: ClaimedRow, why: string): Promise<void> {
    return this.#refuse(row, why)
  }

  /** Resolves when what the broker has is deleted, or could not be. */
  async settled(): Promise<void> {
    this.#removeAgain?.()
    while (this.#removing !== undefined) await this.#removing
  }

  #holds(row: OutboxRow): boolean {
    return this.#held.get(row.seq)?.row === row
  }

  /** Asked for all rows at once: of hundreds that were held over an outage each would wait for the others' answers. */
  async #isOurs(row: OutboxRow): Promise<boolean> {
    const held = this.#held.get(row.seq)
    if (held?.row !== row) return false
    if (!this.#isDoubtful(held)) return true
    this.#renewing ??= this.renew().finally(() => (this.#renewing = undefined))
    const ours = await this.#renewing
    if (!ours.has(row.seq)) this.#leaveAll(row, ours)
    return this.#holds(row)
  }

  #isDoubtful({ claimedAt }: Held): boolean {
    return this.#parts.clock.now() - claimedAt >= doubtfulAfterMs
  }

  /**
   * The row with what else was lost of its key: claimed again while later ones are still held, it would be sent behind
   * them. What was claimed again before the answer came is no longer doubtful, and stays. What was left and is claimed again
   * is another row to us, so that its former place in the lane counts for nothing.
   */
  #leaveAll(row: OutboxRow, ours: ReadonlySet<string>): void {
    for (const [seq, held] of this.#held) {
      const isOfKey = row.orderingKey !== undefined && held.row.orderingKey === row.orderingKey
      const isLost = !ours.has(seq) && this.#isDoubtful(held)
      if ((held.row === row || isOfKey) && isLost) this.#held.delete(seq)
    }
  }

  async #refuse(row: OutboxRow, why: string): Promise<void> {
    await this.#parts.outbox.refuse(row.seq, why)
    this.#held.delete(row.seq)
    this.#parts.refused({ seq: row.seq, messageType: row.type, why })
  }

  async #removeSoon(): Promise<void> {
    await new Promise(setImmediate)
    const seqs = this.#gone
    this.#gone = []
    try {
      await this.#parts.outbox.remove(seqs)
      for (const seq of seqs) this.#held.delete(seq)
      this.#parts.removed()
      this.#removing = this.#gone.length > 0 ? this.#removeSoon() : undefined
    } catch (error) {
      this.#gone.push(...seqs)
      this.#parts.failed(error as Error)
      this.#removing = undefined
      this.#removeLater()
    }
  }

  #removeLater(): void {
    const cancel = this.#parts.clock.after(removeAgainMs, () => {
      this.#removeAgain = undefined
      this.#removing ??= this.#removeSoon()
    })
    this.#removeAgain = () => {
      cancel()
      this.#removeAgain = undefined
    }
  }
}
