import type { Group } from '../../shared/messages/group'
import { windowsOf } from '../../shared/messaging/lane-limits'
import type { Limits } from '../../shared/messaging/transport'
import type { Random } from '../../shared/runtime/backoff'
import { systemClock } from '../../shared/runtime/clock'
import { watchLag } from '../../shared/runtime/event-loop'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import type { ConsumerConfig } from './config'
import { Load } from './load/load'
import { toldLoad, type LoadMetrics } from './load/told-load'

export interface StartLoadParts {
  readonly config: ConsumerConfig
  readonly limits: Limits
  readonly logger: Logger
  readonly counters: LoadMetrics
  readonly random: Random
}

const lagWindowMs = 1_000

/** What decides how much of each group is done at once, told to the log and the metrics. */
export function startLoad(lifecycle: Lifecycle, groups: readonly Group[], parts: StartLoadParts): Load {
  const { config, limits, logger, counters, random } = parts
  const lag = watchLag(lagWindowMs)
  lifecycle.add('the watch of the event loop', lag.close)
  const settings = {
    ceiling: config.CONCURRENCY,
    floor: config.CONCURRENCY_FLOOR,
    failures: config.BREAKER_FAILURES,
    pauseMs: config.BREAKER_PAUSE_MS,
    prefetch: limits.prefetch,
    windows: windowsOf(limits),
  }
  return new Load(groups, { settings, lagMs: lag.lateMs, clock: systemClock, random }, toldLoad(logger, counters))
}
