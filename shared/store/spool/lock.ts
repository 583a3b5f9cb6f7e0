import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const busy = 5

/**
 * Takes the folder for this process alone; answers with how to give it up. The lock is one of the operating system's, by
 * way of SQLite since Node has no call for it: it ends with the process, however that ends.
 */
export function lockFolder(path: string): () => void {
  const database = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (cause) {
    database.close()
    if ((cause as { errcode?: number }).errcode !== busy) throw cause
    throw new Error('another process uses it', { cause })
  }
  return () => database.close()
}
