import { readFolder } from '../../../../shared/store/spool/read-folder'
import { SegmentedSpool } from '../../../../shared/store/spool/segmented-spool'
import type { Kept, Spool, SpoolEvents } from '../../../../shared/store/spool'
import { atEnd } from '../../../support/ends'
import type { SimulatedFolder } from '../../../support/simulated-folder'

interface Told {
  readonly what: keyof SpoolEvents
  readonly facts: unknown
}

/** A spool in this folder, with what was found there and what was told of it; closed at the end of the test. */
export async function openIn(
  folder: SimulatedFolder,
  limits: { maxBytes?: number; segmentBytes?: number; retryMs?: number; idleMs?: number } = {},
) {
  const told: Told[] = []
  const tell = (what: keyof SpoolEvents) => (facts?: unknown) => void told.push({ what, facts })
  const events = { damaged: tell('damaged'), torn: tell('torn'), failed: tell('failed'), recovered: tell('recovered') }
  const found = await readFolder(folder, events)
  let unlocked = false
  const spool = new SegmentedSpool(
    {
      folder,
      limits: { maxBytes: 10_000_000, segmentBytes: 1_000_000, retryMs: 10, idleMs: 10, ...limits },
      events,
      nowMs: Date.now,
      unlock: () => {
        unlocked = true
      },
    },
    found,
  )
  atEnd(() => spool.close())
  return {
    spool,
    found: spool.adopt(found),
    told,
    whatWasTold: () => told.map(({ what }) => what),
    unlocked: () => unlocked,
  }
}

export const store = (spool: Spool, text: string) => spool.append({ lane: 'type hello', bytes: Buffer.from(text) })
export const textOf = async (spool: Spool, kept: Kept) => (await spool.read(kept))?.toString()
export const allOf = (spool: Spool, kept: readonly Kept[]) => Promise.all(kept.map((each) => textOf(spool, each)))
export const filesOf = async (folder: SimulatedFolder, end: string) =>
  (await folder.names()).filter((name) => name.endsWith(end))
export const noSpace = () => {
  throw new Error('ENOSPC: no space left on device')
}
