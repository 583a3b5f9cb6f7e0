import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

/** A service's own metrics, and their text for Prometheus. */
export interface Metrics {
  readonly registry: Registry
  /** The Prometheus text format. */
  text(): Promise<string>
}

/** A registry of its own, filled with the process metrics: memory, CPU, file descriptors, event loop lag. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, labels: { service } })
  return { registry, text: () => registry.metrics() }
}
