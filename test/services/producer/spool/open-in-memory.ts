import { SegmentedSpool } from '../../../../shared/store/spool/segmented-spool'
import { readFolder } from '../../../../shared/store/spool/read-folder'
import type { OpenedSpool } from '../../../../shared/store/spool'
import { atEnd } from '../../../support/ends'
import { SimulatedFolder } from '../../../support/simulated-folder'

/** A spool on a disk that is simulated. */
export async function openInMemory(folder = new SimulatedFolder()): Promise<OpenedSpool & { folder: SimulatedFolder }> {
  const events = { damaged: () => {}, torn: () => {}, failed: () => {}, recovered: () => {} }
  const found = await readFolder(folder, events)
  const limits = { maxBytes: 10_000_000, segmentBytes: 1_000_000, retryMs: 10, idleMs: 1_000 }
  const spool = new SegmentedSpool({ folder, limits, events, nowMs: Date.now, unlock: () => {} }, found)
  atEnd(() => spool.close())
  return { spool, found: spool.adopt(found), folder }
}
