import type { Clock } from '../runtime/clock'
import type { Outbox, OutboxRow } from '../store/outbox'
import { messageOf, type OutboxMessageFacts } from './outbox-message'
import type { Stored, StoredMessage, StoredMessages } from './stored-message'

/** A row that this relay has claimed. */
export interface ClaimedRow extends Stored {
  readonly row: OutboxRow
}

export interface OutboxMessagesParts extends OutboxMessageFacts {
  readonly outbox: Pick<Outbox, 'remove' | 'refuse'>
  readonly clock: Clock
  /** A row is no message and was taken out of the way. */
  readonly refused: (facts: { readonly seq: string; readonly messageType: string; readonly why: string }) => void
  /** Rows whose messages the broker has could not be deleted; tried again. */
  readonly failed: (error: Error) => void
}

const removeAgainMs = 1_000

/** The claimed rows as the messages that they are; those that the broker has are deleted together. */
export class OutboxMessages implements StoredMessages<ClaimedRow> {
  readonly #parts: OutboxMessagesParts
  /** By their numbers. One is held until it is deleted, so that it is not taken for a new one meanwhile. */
  readonly #held = new Map<string, OutboxRow>()
  #gone: string[] = []
  #removing: Promise<void> | undefined

  constructor(parts: OutboxMessagesParts) {
    this.#parts = parts
  }

  get held(): readonly string[] {
    return [...this.#held.keys()]
  }

  get count(): number {
    return this.#held.size
  }

  /** Undefined when this relay has it already. */
  hold(row: OutboxRow): ClaimedRow | undefined {
    if (this.#held.has(row.seq)) return undefined
    this.#held.set(row.seq, row)
    return { row, lane: row.orderingKey === undefined ? `type ${row.type}` : `key ${row.orderingKey}` }
  }

  async read({ row }: ClaimedRow): Promise<StoredMessage | undefined> {
    try {
      return messageOf(row, this.#parts)
    } catch (error) {
      await this.#refuse(row, (error as Error).message)
      return undefined
    }
  }

  done({ row }: ClaimedRow): void {
    // One that was refused is no longer held, and stays in the table.
    if (!this.#held.has(row.seq)) return
    this.#gone.push(row.seq)
    this.#removing ??= this.#removeSoon()
  }

  setAside({ row }: ClaimedRow, why: string): Promise<void> {
    return this.#refuse(row, why)
  }

  /** Resolves when what the broker has is deleted, or could not be. */
  async settled(): Promise<void> {
    await this.#removing
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
    } catch (error) {
      this.#gone.push(...seqs)
      this.#parts.failed(error as Error)
      this.#parts.clock.after(removeAgainMs, () => {
        this.#removing ??= this.#removeSoon()
      })
      this.#removing = undefined
      return
    }
    this.#removing = this.#gone.length > 0 ? this.#removeSoon() : undefined
  }
}
