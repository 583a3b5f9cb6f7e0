import { openSpool } from '../../../shared/store/open-spool'
import type { BenchSpool } from './bench-spool'

const nobody = () => {}

/** What the producer has. */
export const segmentFiles: BenchSpool = {
  name: 'Handoff: segment files',
  open: async (path) => {
    const events = { damaged: nobody, torn: nobody, failed: nobody, recovered: nobody }
    const { spool } = await openSpool({ path, maxBytes: 2 ** 32, events })
    return {
      store: async (bytes) => {
        const kept = await spool.append({ lane: 'type order.placed', bytes })
        return async () => {
          await spool.read(kept)
          spool.done(kept)
        }
      },
      close: () => spool.close(),
    }
  },
}
