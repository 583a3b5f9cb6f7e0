import type { Counter } from '@prometheus-io/client'
import { randomUUID } from 'node:crypto'
import { systemClock } from '../../../shared/runtime/clock'
import type { Lifecycle } from '../../../shared/runtime/lifecycle'
import type { Logger } from '../../../shared/runtime/logger'
import type { FiringTable } from '../../../shared/store/firing-table'
import { ScheduleKeeper, type KeeperParts } from './keeper'
import { loggedFirings } from './logged-firings'
import type { Plan } from './plan'

export interface KeptSchedules extends Pick<KeeperParts, 'namespace' | 'accept'> {
  readonly store: { readonly firings: FiringTable }
  readonly logger: Logger
  readonly counted: Pick<Counter<'schedule' | 'outcome'>, 'inc'>
}

/** Fires these schedules until the service stops: then nothing more is begun, and what is at work is waited for. */
export function keepSchedules(
  lifecycle: Lifecycle,
  plans: readonly Plan[],
  { store: { firings }, logger, counted, ...parts }: KeptSchedules,
): void {
  const events = loggedFirings(logger, (schedule, outcome) => counted.inc({ schedule, outcome }))
  const storeAway = ({ message }: Error) =>
    logger.warn({ reason: message }, 'the store does not say what schedules have fired; asking again')
  const time = { clock: systemClock, timeOfDay: Date.now, random: Math.random }
  const common = { ...parts, ...time, firings, events, storeAway, producer: randomUUID() }
  const keepers = plans.map((plan) => new ScheduleKeeper(plan, common))
  lifecycle.add('schedules', async () => void (await Promise.all(keepers.map((keeper) => keeper.stop()))))
  for (const keeper of keepers) keeper.start()
}
