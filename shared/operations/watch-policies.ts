import { queuePolicies } from '../messaging/open-broker-objects'
import { systemClock } from '../runtime/clock'
import type { Lifecycle } from '../runtime/lifecycle'
import type { CheckResult } from '../runtime/probes'
import type { BrokerOptions } from './broker-options'
import { PolicyWatch, type PolicyWatchParts } from './policy-watch'

export interface WatchedPolicies extends Pick<PolicyWatchParts, 'logger' | 'unsafe'> {
  readonly broker: BrokerOptions
  readonly everyMs: number
}

/**
 * Watches until the service stops; answers with the check for its readiness. No start waits for the first look: behind a
 * port that swallows requests it takes seconds.
 */
export function watchPolicies(lifecycle: Lifecycle, { broker, ...parts }: WatchedPolicies): () => CheckResult {
  const watch = new PolicyWatch({ policies: queuePolicies(broker), clock: systemClock, ...parts })
  lifecycle.add('the watch of policies', () => watch.stop())
  void watch.start()
  return () => watch.check()
}
