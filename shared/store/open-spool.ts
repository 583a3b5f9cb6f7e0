import { openFolder, type Folder } from './spool/folder'
import { lockFolder } from './spool/lock'
import { isWantOfFiles, readFolder } from './spool/read-folder'
import { SegmentedSpool } from './spool/segmented-spool'
import type { OpenedSpool, SpoolEvents } from './spool'

export interface OpenSpoolOptions {
  /** A folder of this process alone, made if need be. */
  readonly path: string
  readonly maxBytes: number
  readonly events: SpoolEvents
}

const largestSegmentBytes = 8 * 1_048_576
const [retryMs, idleMs] = [1_000, 1_000]

/** The folder cannot be used; a person has to see to it. */
export class SpoolUnusable extends Error {
  override readonly name = 'SpoolUnusable'
}

/** Opens the spool in this folder with what is in it. Rejects with {@link SpoolUnusable}. */
export async function openSpool({ path, maxBytes, events }: OpenSpoolOptions): Promise<OpenedSpool> {
  try {
    return await opened({ path, maxBytes, events })
  } catch (cause) {
    throw new SpoolUnusable(`the spool ${path} cannot be used: ${(cause as Error).message}; ${wayOut(cause)}`, {
      cause,
    })
  }
}

function wayOut(cause: unknown): string {
  return isWantOfFiles(cause)
    ? 'each of its files stays open: raise the limit of open files (ulimit -n, LimitNOFILE)'
    : 'SPOOL_PATH has to name a folder of its own, on a disk that this process may write'
}

async function opened({ path, maxBytes, events }: OpenSpoolOptions): Promise<OpenedSpool> {
  const folder = await openFolder(path)
  const unlock = lockFolder(path)
  try {
    return await spoolIn(folder, { maxBytes, events, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

/** The spool of a folder that nobody else has; `unlock` gives the folder up. */
export async function spoolIn(
  folder: Folder,
  { maxBytes, events, unlock }: Omit<OpenSpoolOptions, 'path'> & { readonly unlock: () => void },
): Promise<OpenedSpool> {
  const found = await readFolder(folder, events)
  const limits = { maxBytes, segmentBytes: Math.min(largestSegmentBytes, maxBytes / 8), retryMs, idleMs }
  const spool = new SegmentedSpool({ folder, limits, events, nowMs: Date.now, unlock }, found)
  return { spool, found: spool.adopt(found) }
}
