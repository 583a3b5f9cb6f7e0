import type { StoredMessage, StoredMessages } from '../../../shared/forwarding/stored-message'
import type { Kept, Spool } from '../../../shared/store/spool'
import { fromEntry } from './spooled-message'

/** The entries of a spool as the messages that they are. */
export function spooledMessages(spool: Pick<Spool, 'read' | 'done' | 'setAside'>): StoredMessages<Kept> {
  return {
    read: (kept) => readFrom(spool, kept),
    done: (kept) => spool.done(kept),
    setAside: (kept, why) => spool.setAside(kept, why),
  }
}

async function readFrom(spool: Pick<Spool, 'read' | 'setAside'>, kept: Kept): Promise<StoredMessage | 'damaged'> {
  const bytes = await spool.read(kept)
  if (bytes === undefined) return 'damaged'
  try {
    return fromEntry(bytes)
  } catch (error) {
    await spool.setAside(kept, `it is no message: ${(error as Error).message}`)
    return 'damaged'
  }
}
