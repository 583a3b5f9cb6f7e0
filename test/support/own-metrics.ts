import { Registry } from '@prometheus-io/client'
import { consoleMetrics } from '../../services/console/metrics'
import { addBlockedKeys } from '../../services/consumer/blocked-keys-metric'
import { consumerMetrics } from '../../services/consumer/metrics'
import { producerMetrics } from '../../services/producer/metrics'
import { createMetrics } from '../../shared/runtime/metrics'

export type MetricsOf = 'Producer' | 'Consumer' | 'Console' | 'All'

/** A registry with what each service counts by itself; `All` is what each of them has from the runtime. */
export function registryOf(service: MetricsOf): Registry {
  if (service === 'All') return createMetrics('any').registry
  const registry = new Registry()
  if (service === 'Producer') producerMetrics(registry, { inFlight: () => 0, spool: () => undefined })
  if (service === 'Console') consoleMetrics(registry)
  if (service === 'Consumer') {
    addBlockedKeys(registry, () => Promise.resolve([]))
    consumerMetrics(registry, () => Promise.resolve(undefined))
  }
  return registry
}
