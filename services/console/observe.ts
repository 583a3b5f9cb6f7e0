import { groups } from '../../shared/messages/groups'
import { queuePolicies } from '../../shared/messaging/open-broker-objects'
import { openJournalLog } from '../../shared/messaging/open-journal-log'
import { loggedEvents } from '../../shared/messaging/logged-events'
import type { TransportEvents } from '../../shared/messaging/transport'
import { brokerOptions } from '../../shared/operations/broker-options'
import { systemClock } from '../../shared/runtime/clock'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import { randomHex } from '../../shared/runtime/random-hex'
import type { Surroundings } from '../../shared/runtime/run-service'
import { publicUrl, serviceUrls, type ConsoleConfig } from './config'
import type { LiveParts } from './live/live-frames'
import { remembered } from './live/remembered'
import type { ConsoleMetrics } from './metrics'
import { measured } from './numbers/measured'
import { Numbers } from './numbers/numbers'
import { RecordedFlow, type RecordedFlows } from './topology/recorded-flow'
import type { RangeName } from './views/numbers'
import { BrokerWatch } from './watch/broker-watch'
import { every } from './watch/every'
import { ServiceWatch } from './watch/service-watch'
import { systemView } from './watch/system'
import { KeptContents } from './window/kept-contents'
import { MessageWindow } from './window/message-window'
import { WindowFollower } from './window/window-follower'

/** The first of a day's numbers are of a quarter of an hour that began before it. */
const backMs = 25 * 3_600_000
const lookAtServicesMs = 2_000
const lookAtBrokerMs = 3_000

/** What the console sees, whoever looks. */
export interface Observed extends LiveParts {
  readonly window: MessageWindow
  readonly contents: KeptContents
  /** What messages of each type did in the last seconds. */
  readonly recorded: () => RecordedFlows
}

/** Begins to read the journal and to look at services and broker; none of them has to be there. */
export function observe(
  lifecycle: Lifecycle,
  { config, logger, own }: Pick<Surroundings<ConsoleConfig>, 'config' | 'logger'> & { readonly own: ConsoleMetrics },
): Observed {
  const now = Date.now
  const window = new MessageWindow(config.CONSOLE_MESSAGES)
  const contents = new KeptContents(config.CONSOLE_DATA_BYTES)
  const numbers = new Numbers()
  const flow = new RecordedFlow({ now, share: config.JOURNAL_SAMPLE })
  const follower = new WindowFollower({
    ...{ window, contents, backMs, now },
    changed: (change) => {
      numbers.add(measured(change.steps, change.fresh), now())
      flow.add(change)
    },
  })
  const link = followJournal(lifecycle, follower, { config, logger, own })
  const services = watchServices(lifecycle, config)
  const broker = watchBroker(lifecycle, config)
  const reckoned = (range: RangeName) => numbers.view(range, now())
  const soon = remembered(1_000, now, reckoned)
  // Of so many buckets it takes longer, and they change less.
  const later = remembered(15_000, now, reckoned)
  const system = remembered(500, now, () =>
    systemView({ ...{ window, services, broker, now }, producerUrl: publicUrl(config), faults: config.FAULTS }),
  )
  return {
    ...{ window, contents, now },
    epoch: randomHex(6),
    windowFacts: () => ({
      messages: window.size,
      most: window.most,
      contents: contents.size,
      ...(window.since !== undefined && { since: window.since }),
      state: link() === 'up' ? follower.state : 'broker away',
      share: config.JOURNAL_SAMPLE,
    }),
    system: () => system('all'),
    recorded: () => flow.view(),
    numbers: (range) => (range === '5m' ? soon : later)(range),
  }
}

function followJournal(
  lifecycle: Lifecycle,
  follower: WindowFollower,
  { config, logger, own }: Pick<Surroundings<ConsoleConfig>, 'config' | 'logger'> & { readonly own: ConsoleMetrics },
): () => 'up' | 'down' {
  let state: 'up' | 'down' = 'down'
  const events = onceInARow(loggedEvents(logger, own))
  const log = openJournalLog({
    ...brokerOptions(config, groups),
    name: 'console',
    events: {
      ...events,
      linkChanged: (link) => {
        state = link.state === 'ready' ? 'up' : 'down'
        events.linkChanged(link)
      },
    },
  })
  lifecycle.add('the journal', () => log.close())
  void log.follow(follower)
  return () => state
}

/** A journal that nobody has told yet is looked for again and again, which is one piece of news. */
function onceInARow(events: TransportEvents): TransportEvents {
  let last = ''
  return {
    ...events,
    fault: (what, detail) => {
      if (last !== `${what} ${detail}`) events.fault(what, detail)
      last = `${what} ${detail}`
    },
  }
}

function watchServices(lifecycle: Lifecycle, config: ConsoleConfig): readonly ServiceWatch[] {
  const urls = serviceUrls(config)
  const watches = (['producer', 'consumer'] as const).flatMap((name) =>
    // A consumer asks for no key.
    urls[name].map((url) => {
      const apiKey = name === 'producer' ? config.PRODUCER_API_KEY : undefined
      return new ServiceWatch({ name, url, apiKey, now: Date.now })
    }),
  )
  for (const watch of watches)
    lifecycle.add(
      `the watch over a ${watch.view.name}`,
      every(lookAtServicesMs, systemClock, () => watch.look()),
    )
  return watches
}

function watchBroker(lifecycle: Lifecycle, config: ConsoleConfig): BrokerWatch {
  const watch = new BrokerWatch({
    queues: queuePolicies(brokerOptions(config, groups)),
    groups: groups.map(({ name }) => name),
    namespace: config.NAMESPACE,
  })
  lifecycle.add(
    'the watch over the queues',
    every(lookAtBrokerMs, systemClock, () => watch.look()),
  )
  return watch
}
