import { acceptingBySpool } from '../../services/producer/spool/accepting-by-spool'
import type { AcceptResult } from '../../services/producer/outcome'
import type { Posting } from '../../services/producer/accept'
import { systemClock } from '../../shared/runtime/clock'
import { spoolIn } from '../../shared/store/open-spool'
import { connected } from './connected'
import type { Life } from './life'
import type { Running } from './process'
import type { World } from './world'

/** A producer without its door: what accepts, and what stands under it. */
export interface RunningProducer extends Running {
  readonly accept: (posting: Posting) => Promise<AcceptResult>
  /** Messages that are in its spool or in flight. */
  readonly waiting: () => number
}

const spoolBytes = 64 * 1_024

/** Put together as `services/producer/app.ts` does it, and stopped in the same order. */
export async function startProducer(world: World, life: Life): Promise<RunningProducer> {
  const events = {
    damaged: () => world.wrongs.push('the spool is damaged'),
    torn: () => {},
    failed: () => {},
    recovered: () => {},
  }
  const folder = world.disk.folderOf(life)
  const opened = await spoolIn(folder, { maxBytes: spoolBytes, events, unlock: () => {} })
  const transport = await connected('producer', world, life)
  const { accept, stop } = acceptingBySpool(opened, {
    publishing: transport,
    canPublish: () => transport.status().publishing.ok,
    events: { left: (fate) => world.tell(`left the spool: ${fate}`), parked: () => {}, fault: () => {} },
    clock: systemClock,
    random: Math.random,
  })
  const answering = new Set<Promise<unknown>>()
  const answered = (posting: Posting) => {
    const answer = accept(posting)
    answering.add(answer)
    return answer.finally(() => answering.delete(answer))
  }
  return {
    accept: answered,
    waiting: () => opened.spool.status().messages + transport.status().inFlight,
    stop: async () => {
      await Promise.allSettled(answering)
      await stop()
      await transport.close()
      await opened.spool.close()
    },
  }
}
