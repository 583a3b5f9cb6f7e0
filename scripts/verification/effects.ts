import { DatabaseSync } from 'node:sqlite'
import type { Effect } from '../../shared/verification/judge'
import { digestOf } from './parcels'

// A second row for the same message is not forbidden: that there is none is what is verified.
const table = `create table verified_effects (
  group_name text not null, subject text not null, message_id text not null, facts text not null)`
const waitMs = 10_000

/** Makes the store's file with the table in which handlers leave their effects. */
export function makeEffects(storePath: string): void {
  const database = new DatabaseSync(storePath)
  database.exec('pragma journal_mode = wal')
  database.exec(table)
  database.close()
}

/** Reads effects beside the services, by a connection of its own. */
export class Effects {
  readonly #database: DatabaseSync

  constructor(storePath: string) {
    this.#database = new DatabaseSync(storePath, { readOnly: true, timeout: waitMs })
  }

  // No row is ever deleted, so the last one's number is how many there are; counting a million takes its time.
  count(): number {
    return Number(this.#database.prepare('select max(rowid) as effects from verified_effects').get()?.['effects'] ?? 0)
  }

  /** Those about the subjects that are asked for. */
  of(isAsked: (subject: string) => boolean): readonly Effect[] {
    const rows = this.#database.prepare('select group_name, subject, message_id, facts from verified_effects').iterate()
    const effects: Effect[] = []
    for (const { group_name, subject, message_id, facts } of rows) {
      if (!isAsked(String(subject))) continue
      effects.push({
        group: String(group_name),
        subject: String(subject),
        messageId: String(message_id),
        factsHash: digestOf(String(facts)),
      })
    }
    return effects
  }

  close(): void {
    this.#database.close()
  }
}
