import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'

const confirmBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8]

export type ProducerMetrics = ReturnType<typeof producerMetrics>

/** The producer's own metrics. `inFlight` is asked at each scrape. */
export function producerMetrics(registry: Registry, inFlight: () => number) {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers })
  new Gauge({
    name: 'handoff_in_flight',
    help: 'Messages whose confirm is awaited',
    registers,
    collect() {
      this.set(inFlight())
    },
  })
  return {
    published: counter('handoff_published_total', 'Messages by what became of their publish', ['type', 'outcome']),
    confirmSeconds: new Histogram({
      name: 'handoff_confirm_seconds',
      help: 'Time from publish to the confirm, in seconds',
      labelNames: ['type'],
      buckets: confirmBucketsSeconds,
      registers,
    }),
    reconnects: counter('handoff_reconnects_total', 'Connections and channels that came back after a loss', []),
    topologyRecreated: counter('handoff_topology_recreated_total', 'Broker objects that were gone and made again', []),
  }
}
