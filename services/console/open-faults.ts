import { typesIn } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { producerSource } from '../../shared/operations/producer-source'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { brokerCommand, serviceUrls, type ConsoleConfig } from './config'
import { brokerMemory } from './faults/broker-memory'
import type { FaultDoors } from './faults/strike'
import { Trials } from './faults/trials'
import type { FaultRoutes } from './http/faults'
import type { Observed } from './observe'
import type { ProducerDoor } from './producer/producer-door'

/** What a producer and a consumer need at most to come back, with room for a handler that has hung up to its limit. */
const patienceMs = 60_000
/** Longer than a service that was killed takes to come back and to be given what it had in hand. */
const quietMs = 8_000
/** The smallest message of the sample. */
const wished = 'hello'

interface FaultParts {
  readonly config: ConsoleConfig
  readonly logger: Logger
  readonly observed: Pick<Observed, 'window' | 'windowFacts' | 'now'>
  readonly producer: Pick<ProducerDoor, 'ask'>
}

/** The faults that can be made to happen; undefined where FAULTS is off. A trial that is under way at the end is ended. */
export function openFaults(
  lifecycle: Lifecycle,
  { config, logger, observed, producer }: FaultParts,
): FaultRoutes | undefined {
  const types = typesIn([], groups)
  const usual = types.find(({ name }) => name === wished) ?? types[0]
  if (config.FAULTS === 'off' || usual === undefined) return undefined
  logger.warn('FAULTS is on: this console can harm the services it looks at')
  const unjudged = () => whyUnjudged(observed.windowFacts())
  const doors = doorsOf(config)
  const trials = new Trials({
    ...{ doors, producer, unjudged, patienceMs, quietMs },
    source: producerSource(config.NAMESPACE),
    window: observed.window,
    now: observed.now,
    ended: ({ id, fault, counts, verdict }) => logger.info({ trial: id, fault, counts, verdict }, 'a trial has ended'),
  })
  lifecycle.add('the trial', () => trials.stop())
  return { trials, doors, types, usualType: usual.name, unjudged }
}

function doorsOf(config: ConsoleConfig): FaultDoors {
  const urls = serviceUrls(config)
  const command = brokerCommand(config)
  return {
    producer: { name: 'producer', url: urls.producer[0], apiKey: config.PRODUCER_API_KEY },
    consumer: { name: 'consumer', url: urls.consumer[0], apiKey: undefined },
    memory: command === undefined ? undefined : brokerMemory(command),
  }
}

function whyUnjudged({ share, state }: ReturnType<Observed['windowFacts']>): string | undefined {
  if (share < 1) return `JOURNAL_SAMPLE is ${share}, so the journal does not tell what becomes of each message`
  return state === 'broker away' ? 'the console does not reach the journal' : undefined
}
