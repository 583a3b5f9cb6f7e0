import { isConflict } from './postgres-errors'

const runs = 4

/**
 * Runs a transaction again when the server sacrificed it to another one: a deadlock or a serialization failure. Only for
 * work that is the same each time; a handler's own code is not ours to run twice.
 */
export async function repeatConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let run = 1; ; run++) {
    try {
      return await work()
    } catch (error) {
      if (run === runs || !isConflict(error)) throw error
    }
  }
}
