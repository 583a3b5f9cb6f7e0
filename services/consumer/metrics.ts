import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'
import { routesMetrics, type RoutesMetrics } from '../../shared/operations/routes/routes-metrics'
import type { OutboxCounts } from '../../shared/store/outbox'

/** Names and labels are public interface: docs/reference/metrics.md. */
export interface ConsumerMetrics {
  readonly routes: RoutesMetrics
  readonly processed: Counter<'group' | 'type' | 'verdict'>
  readonly processSeconds: Histogram<'group' | 'type'>
  readonly endToEndSeconds: Histogram<'group' | 'type'>
  readonly inFlight: Gauge
  readonly concurrencyLimit: Gauge<'group'>
  readonly circuitState: Gauge<'group'>
  readonly circuitOpened: Counter<'group'>
  readonly deferred: Counter<'group' | 'type'>
  readonly deadLetters: Counter<'group' | 'reason'>
  readonly reconnects: Counter
  readonly topologyRecreated: Counter
  readonly unsafePolicies: Gauge
  readonly staleSettles: Counter<'group'>
  readonly leakedHandlers: Gauge
  readonly replies: Counter<'group' | 'outcome'>
  readonly journalDropped: Counter
  readonly spansDropped: Counter
  readonly outboxLeft: Counter<'fate'>
  readonly followed: Counter<'type'>
  readonly followLagBytes: Gauge<'slot'>
}

const processBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const endToEndBuckets = [...processBuckets, 60, 300, 1_800, 7_200]

/** Asked at each scrape; undefined while there is no store. */
type CountIfOpen = () => Promise<OutboxCounts | undefined>

export function consumerMetrics(registry: Registry, countOutbox: CountIfOpen): ConsumerMetrics {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `handoff_${name}`, help, labelNames: [...labelNames], registers })
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `handoff_${name}`, help, labelNames: ['group', 'type'] as const, buckets, registers })
  const gauge = (name: string, help: string) => new Gauge({ name: `handoff_${name}`, help, registers })
  addOutboxGauges(registry, countOutbox)
  return {
    ...loadMetrics(registry),
    routes: routesMetrics(registry),
    journalDropped: counter('journal_dropped_total', 'Records of steps that are in no journal.'),
    spansDropped: counter('spans_dropped_total', 'Spans that were not delivered.'),
    outboxLeft: counter('outbox_left_total', 'Messages that left the outbox, by what became of them.', ['fate']),
    followed: counter('followed_changes_total', 'Changes of followed tables that were written into the outbox.', [
      'type',
    ]),
    followLagBytes: followLagBytes(registry),
    processed: counter('processed_total', 'Deliveries by verdict: ack, filtered, cancelled, retry, dead, duplicate.', [
      'group',
      'type',
      'verdict',
    ]),
    processSeconds: histogram('process_seconds', 'From delivery to verdict.', processBuckets),
    endToEndSeconds: histogram('end_to_end_seconds', "From the message's time to its applied effect.", endToEndBuckets),
    inFlight: gauge('in_flight', 'Deliveries being handled now.'),
    deadLetters: counter('dead_letters_total', 'Messages parked, by reason.', ['group', 'reason']),
    reconnects: counter('reconnects_total', 'Connections and channels that came back after a loss.'),
    topologyRecreated: counter('topology_recreated_total', 'Broker objects that had existed and had to be made again.'),
    unsafePolicies: gauge(
      'unsafe_policies',
      'Keys of policies that make a queue less safe than it was declared, queue by queue.',
    ),
    staleSettles: counter('stale_settles_total', 'Settles of deliveries that were no longer ours to settle.', [
      'group',
    ]),
    replies: counter('replies_total', 'Replies to callers who wait, by outcome: sent, unroutable, dropped.', [
      'group',
      'outcome',
    ]),
    leakedHandlers: gauge('leaked_handlers', 'Handlers still running although their time limit has passed.'),
  }
}

/** How much of each group's work is done at once. */
function loadMetrics(registry: Registry) {
  const registers = [registry]
  const ofGroup = (name: string, help: string) => ({
    name: `handoff_${name}`,
    help,
    labelNames: ['group'] as const,
    registers,
  })
  return {
    concurrencyLimit: new Gauge<'group'>(ofGroup('concurrency_limit', 'Handlers that may run at once now.')),
    circuitState: new Gauge<'group'>(ofGroup('circuit_state', '0: closed, 1: half open, 2: open.')),
    circuitOpened: new Counter<'group'>(ofGroup('circuit_opened_total', 'Times that a closed circuit opened.')),
    deferred: new Counter<'group' | 'type'>({
      name: 'handoff_deferred_total',
      help: 'Deliveries that were put at the end of their queue, at no attempt.',
      labelNames: ['group', 'type'],
      registers,
    }),
  }
}

function followLagBytes(registry: Registry): Gauge<'slot'> {
  return new Gauge({
    name: 'handoff_follow_lag_bytes',
    help: 'How much of its log the followed database keeps for the slot.',
    labelNames: ['slot'],
    registers: [registry],
  })
}

function addOutboxGauges(registry: Registry, countOutbox: CountIfOpen): void {
  const outbox = (name: 'waiting' | 'oldestSeconds' | 'refused', metric: string, help: string) =>
    new Gauge({
      name: `handoff_outbox_${metric}`,
      help,
      registers: [registry],
      async collect() {
        // A scrape does not fail for want of a store: /readyz tells of that.
        const counts = await countOutbox().catch(() => undefined)
        if (counts !== undefined) this.set(counts[name])
      },
    })
  outbox(
    'waiting',
    'messages',
    'Messages in the outbox that are not published yet; 10,000 stands for that many or more.',
  )
  outbox('refused', 'refused', 'Rows of the outbox that are no message.')
  outbox('oldestSeconds', 'oldest_seconds', 'How long the oldest message has been in the outbox.')
}
