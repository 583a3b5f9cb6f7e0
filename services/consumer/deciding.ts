import type { Group } from '../../shared/messages/group'
import type { OnDelivery } from '../../shared/messaging/transport'
import type { Random } from '../../shared/runtime/backoff'
import type { Logger } from '../../shared/runtime/logger'
import type { Tracing } from '../../shared/runtime/tracing/tracing'
import { systemClock } from '../../shared/runtime/clock'
import type { Store } from '../../shared/store/store'
import { claimed } from './around/claimed'
import { heldBack } from './around/held-back'
import { inOrder } from './around/in-order'
import { once } from './around/once'
import { parkedOnce } from './around/parked-once'
import { suspected } from './around/suspected'
import { timed, type LeakCounter } from './around/timed'
import { tracedRun } from './around/traced-run'
import { weighed } from './around/weighed'
import type { ConsumerConfig } from './config'
import { dispatcher } from './dispatch'
import type { Hangs } from './faults/hangs'
import { Gate } from './gate'
import type { Handler } from './handler'
import { leakLimit } from './leak-limit'
import type { Load } from './load/load'
import { runHandler } from './run-handler'
import { unwanted, type Rules } from './wanted'

/** What a consumer is for. */
export interface Domain {
  readonly groups: readonly Group[]
  readonly handlers: readonly Handler[]
  /** The folder with the numbered `.sql` files of the tables that the handlers write to. By default that of the sample. */
  readonly tables?: string
}

export interface DecidingParts {
  readonly routing: Rules
  readonly store: Store
  /** Counts handlers that were left behind. */
  readonly leaked: LeakCounter
  /** How much is done at once. */
  readonly load: Load
  readonly logger: Logger
  /** Undefined where there are no spans. */
  readonly tracing?: Tracing | undefined
  /** The process has to end, and why. */
  readonly fail: (why: string) => void
  readonly config: Pick<ConsumerConfig, 'NAMESPACE' | 'CONCURRENCY'>
  readonly random: Random
  /** Has handlers hang on purpose; undefined outside development. */
  readonly hangs?: Pick<Hangs, 'around'> | undefined
}

/** All that stands between a delivery and its verdict, from the claim of one that had to wait down to its handler. */
export function deciding({ handlers }: Domain, parts: DecidingParts): OnDelivery {
  const { routing, store, leaked, load, logger, tracing, fail, config, random, hangs } = parts
  const called = runHandler(logger, config.NAMESPACE, tracing === undefined ? 'untraced' : 'traced')
  const handled = hangs?.around(called) ?? called
  const run = weighed(tracedRun(timed(handled, leakLimit(leaked, fail)), tracing), load, systemClock)
  // Prefetch alone does not keep them apart: partitions and the work queue have consumers of their own.
  const turnEnds = config.CONCURRENCY === 1 ? 'with the commit' : 'with the run'
  const work = once({ store, run, turns: load, turnEnds, random })
  const dispatch = dispatcher({ handlers, routing, work, random, now: Date.now })
  const parked = (next: OnDelivery) => parkedOnce(next, { store, random })
  const decide = parked(heldBack(suspected(dispatch, { store, gate: new Gate(), random }), load))
  // What was taken back in time is neither parked nor waited for by others of its key.
  const isUnwanted = unwanted(handlers, routing)
  return claimed(inOrder(decide, { store, isUnwanted, parkedOnce: parked, random }), { store, random })
}
