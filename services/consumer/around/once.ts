import type { Random } from '../../../shared/runtime/backoff'
import type { InboxKey, Store } from '../../../shared/store/store'
import type { Load } from '../load/load'
import { UnitOfWork } from '../unit-of-work'
import { waitForStore } from '../wait-for-store'
import type { Job, Run, Work } from '../work'

export interface OnceParts {
  readonly store: Store
  readonly run: Run
  readonly turns: Pick<Load, 'take'>
  /**
   * `with the run`, by default: whoever waits for its commit leaves its turn to the next one. `with the commit`: the next
   * one of its group begins after that.
   */
  readonly turnEnds?: 'with the run' | 'with the commit'
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

async function runOnce(parts: OnceParts, job: Job): ReturnType<Work> {
  const { store, run, turns } = parts
  const { handler, envelope } = job
  const key = { group: handler.group, source: envelope.source, id: envelope.id }
  if (await store.isDone(key)) return 'duplicate'
  // The turn comes first: an interactive transaction that waits for one would keep every other from its commit.
  if (handler.transaction === 'interactive')
    return turns.take(job, () => store.interactive(key, (transaction) => run(job, transaction)))
  return runCollected(parts, job, key)
}

async function runCollected(parts: OnceParts, job: Job, key: InboxKey): ReturnType<Work> {
  const { store, run, turns, turnEnds = 'with the run', random } = parts
  const unit = new UnitOfWork(store)
  const collect = async () => {
    try {
      await run(job, unit)
    } finally {
      unit.seal()
    }
  }
  // Only the commit is repeated when the store is away now, not the handler: it may have spoken to others.
  const commit = () => waitForStore(() => store.apply(key, unit.seal()), { store, signal: job.signal, random })
  if (turnEnds === 'with the commit') return turns.take(job, () => collect().then(commit))
  await turns.take(job, collect)
  return commit()
}
