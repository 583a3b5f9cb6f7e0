import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'
import { routesMetrics } from '../../shared/operations/routes/routes-metrics'
import type { SpoolStatus } from '../../shared/store/spool'

const confirmBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8]
const waitBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60]

const unsafeHelp = 'Keys of policies that make a queue less safe than it was declared, queue by queue'

export type ProducerMetrics = ReturnType<typeof producerMetrics>

/** What is asked at each scrape. */
export interface ScrapedFacts {
  readonly inFlight: () => number
  /** Undefined without a spool. */
  readonly spool: () => SpoolStatus | undefined
}

/** The producer's own metrics. */
export function producerMetrics(registry: Registry, { inFlight, spool }: ScrapedFacts) {
  const { counter, gauge, histogram } = makersOf(registry)
  gauge('handoff_in_flight', 'Messages whose confirm is awaited', inFlight)
  gauge('handoff_spool_messages', 'Messages that wait in the spool', () => spool()?.messages ?? 0)
  gauge('handoff_spool_bytes', 'Bytes on disk that the spool takes', () => spool()?.bytes ?? 0)
  gauge('handoff_spool_limit_bytes', 'Bytes of the disk that the spool may take', () => spool()?.maxBytes ?? 0)
  gauge('handoff_spool_oldest_seconds', 'How long the oldest message has been in the spool', () =>
    ageSeconds(spool()?.oldestAtMs),
  )
  return {
    routes: routesMetrics(registry),
    published: counter('handoff_published_total', 'Messages by what became of the request to send them', [
      'type',
      'outcome',
    ]),
    confirmSeconds: histogram('handoff_confirm_seconds', 'Time from publish to the confirm, in seconds', {
      labelNames: ['type'],
      buckets: confirmBucketsSeconds,
    }),
    replyWaitSeconds: histogram('handoff_reply_wait_seconds', 'Time that requests waited for a result, in seconds', {
      labelNames: ['type', 'outcome'],
      buckets: waitBucketsSeconds,
    }),
    scheduleFirings: counter('handoff_schedule_firings_total', 'Planned times by their end', ['schedule', 'outcome']),
    webhooksRefused: counter('handoff_webhooks_refused_total', 'Webhooks whose signature was refused', ['provider']),
    spoolLeft: counter('handoff_spool_left_total', 'Messages that left the spool, by what became of them', ['fate']),
    journalDropped: counter('handoff_journal_dropped_total', 'Records of steps that are in no journal', []),
    spansDropped: counter('handoff_spans_dropped_total', 'Spans that were not delivered', []),
    reconnects: counter('handoff_reconnects_total', 'Connections and channels that came back after a loss', []),
    unsafePolicies: new Gauge({ name: 'handoff_unsafe_policies', help: unsafeHelp, registers: [registry] }),
    topologyRecreated: counter('handoff_topology_recreated_total', 'Broker objects that were gone and made again', []),
  }
}

function makersOf(registry: Registry) {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, own: { labelNames: L[]; buckets: number[] }) =>
    new Histogram({ name, help, ...own, registers })
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  return { counter, gauge, histogram }
}

function ageSeconds(sinceMs: number | undefined): number {
  return sinceMs === undefined ? 0 : Math.max(0, (Date.now() - sinceMs) / 1_000)
}
