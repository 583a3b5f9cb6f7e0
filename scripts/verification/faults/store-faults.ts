import { DatabaseSync } from 'node:sqlite'
import type { Fault } from './fault'

const lockWithinMs = 10_000

/** Somebody else's transaction holds the store: nothing can be written. */
export const storeLocked: Fault = ({ storePath }) => {
  const database = new DatabaseSync(storePath, { timeout: lockWithinMs })
  database.exec('begin immediate')
  return Promise.resolve(() => database.close())
}
