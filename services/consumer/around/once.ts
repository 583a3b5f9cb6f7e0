import type { Random } from '../../../shared/runtime/backoff'
import type { Store } from '../../../shared/store/store'
import type { Load } from '../load/load'
import { UnitOfWork } from '../unit-of-work'
import { waitForStore } from '../wait-for-store'
import type { Job, Run, Work } from '../work'

export interface OnceParts {
  readonly store: Store
  readonly run: Run
  readonly turns: Pick<Load, 'take'>
  readonly random: Random
}

// An interactive handler runs again each time, and speaks to others each time: a full disk is no reason to hurry.
const handlerAgain = { firstMs: 1_000, maxMs: 10_000 }

/**
 * Makes the effect happen once although delivery is at least once: the handler's writes and the inbox's done row
 * commit together. Stands outside the time limit, so that waiting for the store is not counted against the handler.
 */
export function once(parts: OnceParts): Work {
  const { store, random } = parts
  return (job) => {
    const untilRoom = job.handler.transaction === 'interactive' ? { untilRoom: handlerAgain } : {}
    return waitForStore(() => runOnce(parts, job), { store, signal: job.signal, random, ...untilRoom })
  }
}

async function runOnce({ store, run, turns, random }: OnceParts, job: Job): ReturnType<Work> {
  const { handler, envelope, signal } = job
  const key = { group: handler.group, source: envelope.source, id: envelope.id }
  if (await store.isDone(key)) return 'duplicate'
  // The turn comes first: an interactive transaction that waits for one would keep every other from its commit.
  if (handler.transaction === 'interactive')
    return turns.take(job, () => store.interactive(key, (transaction) => run(job, transaction)))
  const unit = new UnitOfWork(store)
  try {
    await turns.take(job, () => run(job, unit))
  } finally {
    unit.seal()
  }
  // Only the commit is repeated when the store is away now, not the handler: it may have spoken to others.
  return waitForStore(() => store.apply(key, unit.seal()), { store, signal, random })
}
