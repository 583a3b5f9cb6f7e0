import { collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client'

/** A service's own metrics, and their text for Prometheus. */
export interface Metrics {
  readonly registry: Registry
  /** The Prometheus text format. */
  text(): Promise<string>
}

/** A registry of its own, filled with the process metrics: memory, CPU, file descriptors, event loop lag, and the clock. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, labels: { service } })
  addClock(registry)
  return { registry, text: () => registry.metrics() }
}

/** What this machine takes for now, at each scrape: whoever scrapes can hold it against a clock of his own. */
function addClock(registry: Registry): void {
  new Gauge({
    name: 'handoff_clock_seconds',
    help: "Seconds since 1970 by the service's own clock.",
    registers: [registry],
    collect() {
      this.set(Date.now() / 1_000)
    },
  })
}
