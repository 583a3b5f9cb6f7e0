import { stat } from 'node:fs/promises'
import type { Clock } from './clock'

/** Whether the file could be read, whatever it says. */
export type Reading = 'read' | 'unread'

export interface FileWatchParts {
  readonly path: string
  /** The file is another one, or says something else, or is there, or gone. Of what was `unread` the next look tells again. */
  readonly changed: () => Promise<Reading>
  readonly clock: Clock
  /** Default 1 second. */
  readonly everyMs?: number
}

/**
 * Looks at a file again and again, since editors put another one in its place, and mounted folders tell of nothing. A change
 * is told once two looks in a row have found the same: half of what is being written might read like the whole. The first
 * looks tell one as well, for what has changed since the caller read the file.
 */
export function watchFile({ path, changed, clock, everyMs = 1_000 }: FileWatchParts): () => void {
  let told: string | undefined
  let seen: string | undefined
  let cancel = () => {}
  let isStopped = false
  const look = async () => {
    const found = await looksOf(path)
    if (found === seen && found !== told) {
      // A passing failure, such as too many open files, would otherwise stay until somebody writes the file again.
      told = (await changed()) === 'read' ? found : undefined
    }
    seen = found
    if (!isStopped) cancel = clock.after(everyMs, () => void look())
  }
  void look()
  return () => {
    isStopped = true
    cancel()
  }
}

async function looksOf(path: string): Promise<string> {
  try {
    // The time of the change as well: a copy may bring the earlier time of its content, and rights leave that alone.
    const { ino, dev, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}
