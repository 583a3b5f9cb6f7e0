import { registryOf } from '../support/own-metrics'
import { rules } from './alerts'

/** What each of its scrapes tells Prometheus by itself. */
const ofPrometheus = ['up', 'scrape_duration_seconds', 'ALERTS']

/** Of rabbitmq_prometheus, at /metrics. That a broker has them is shown by test/e2e/prometheus.test.ts. */
export const ofBroker = [
  'rabbitmq_alarms_free_disk_space_watermark',
  'rabbitmq_alarms_memory_used_watermark',
  'rabbitmq_disk_space_available_bytes',
  'rabbitmq_disk_space_available_limit_bytes',
  'rabbitmq_process_resident_memory_bytes',
]

/** Likewise, at /metrics/detailed with the families of deploy/prometheus/prometheus.yml. */
export const ofQueues = [
  'rabbitmq_detailed_channel_messages_acked_total',
  'rabbitmq_detailed_queue_consumers',
  'rabbitmq_detailed_queue_messages',
]

/** Every name that alerts and dashboard may use: of the services, made for real, of the broker and of Prometheus. */
export async function knownMetrics(): Promise<ReadonlySet<string>> {
  const services = (['Producer', 'Consumer', 'Console', 'All'] as const).map((service) =>
    registryOf(service).getMetricsAsJSON(),
  )
  const own = (await Promise.all(services)).flat().flatMap(({ name, type }) =>
    // It has no name of its own in the text that is scraped.
    String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
  const recorded = rules.flatMap(({ record }) => record ?? [])
  return new Set([...own, ...recorded, ...ofPrometheus, ...ofBroker, ...ofQueues])
}
