import { Type, type Static, type TSchema } from 'typebox'
import { contentKeeper } from '../../shared/journal/content-keeper'
import { openJournal } from '../../shared/journal/open-journal'
import { catalogue } from '../../shared/messages/catalogue'
import { typesIn, type Group } from '../../shared/messages/group'
import { groups as ownGroups } from '../../shared/messages/groups'
import type { MessageType } from '../../shared/messages/message'
import { followRoutes } from '../../shared/operations/routes/follow-routes'
import { publishByRoutes } from '../../shared/operations/routes/publish-by-routes'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import { Lifecycle } from '../../shared/runtime/lifecycle'
import { createLogger, type Logger } from '../../shared/runtime/logger'
import { createMetrics } from '../../shared/runtime/metrics'
import type { CheckResult } from '../../shared/runtime/probes'
import { brokerSettings, publishingSettings, settings } from '../../shared/runtime/settings'
import type { Accept } from './accept'
import { acceptance, connect, openOwnSpool } from './accepting'
import { brokerCheck, spoolCheck } from './checks'
import { producerMetrics } from './metrics'
import { postingOf, type EmitFacts } from './posting-of'
import { isAccepted, type AcceptedOutcome, type AcceptResult } from './outcome'

/** A producer within another program: no HTTP, and the same promises. */
export interface EmbeddedProducer {
  /**
   * Resolves once the message is on stable storage. Rejects with a TypeError for data that does not fit, before anything is
   * sent, and with {@link NotEmitted} where it is not known to be there.
   */
  emit<S extends TSchema>(type: MessageType<S>, data: Static<S>, facts?: EmitFacts): Promise<Emitted>
  /** Whether a message would be accepted now, and why not. */
  check(): Readonly<Record<'broker' | 'spool', CheckResult | undefined>>
  /** The producer's metrics in the Prometheus text format. */
  metrics(): Promise<string>
  /** Waits for what is under way, then lets the broker go. May be called twice. */
  close(): Promise<void>
}

export interface Emitted {
  readonly id: string
  readonly outcome: AcceptedOutcome
}

/**
 * A message is not on stable storage, or it is not known whether it is. Emitting it again with the same `id` is safe: it
 * has its effect once.
 */
export class NotEmitted extends Error {
  readonly code = 'NOT_EMITTED'
  override readonly name = 'NotEmitted'
  readonly id: string
  readonly outcome: 'not_accepted' | 'unknown' | 'unroutable'

  constructor(id: string, outcome: NotEmitted['outcome'], detail: string) {
    super(`the message ${id} is not accepted (${outcome}): ${detail}`)
    this.id = id
    this.outcome = outcome
  }
}

export interface EmbedOptions extends SettingsSource {
  /** Who takes what is emitted. By default those of groups.ts. */
  readonly groups?: readonly Group[]
  /** Where messages wait while the broker is away; no other producer may have it. Without one they are refused then. */
  readonly spoolPath?: string
  /** The CloudEvents `source` of messages that name none, such as `/shop`. */
  readonly source: string
  /** By default one of its own, on standard output. */
  readonly logger?: Logger
}

const { JOURNAL_SAMPLE, LOG_LEVEL, SPOOL_MAX_BYTES } = settings
const schema = Type.Object({ ...brokerSettings, ...publishingSettings, JOURNAL_SAMPLE, LOG_LEVEL, SPOOL_MAX_BYTES })

/** Opens a producer within this process. Resolves also while the broker is away; rejects with a SettingsError. */
export async function openProducer(options: EmbedOptions): Promise<EmbeddedProducer> {
  if (options.source === '')
    throw new TypeError('the source is empty; name where the messages come from, such as "/shop"')
  const config = readSettings(schema, options)
  const logger = options.logger ?? createLogger({ service: 'producer', level: config.LOG_LEVEL })
  const lifecycle = new Lifecycle()
  try {
    return await embedded(lifecycle, { config, logger, ...options })
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}

interface EmbedParts extends Pick<EmbedOptions, 'groups' | 'spoolPath' | 'source'> {
  readonly config: Static<typeof schema>
  readonly logger: Logger
}

async function embedded(lifecycle: Lifecycle, parts: EmbedParts): Promise<EmbeddedProducer> {
  const { config, logger, groups = ownGroups, spoolPath, source } = parts
  const metrics = createMetrics('producer')
  const own = producerMetrics(metrics.registry, {
    inFlight: () => transport.status().inFlight,
    spool: () => opened?.spool.status(),
  })
  const known = { catalogue: typesIn(catalogue, groups), groups }
  const signals = "the program's"
  const routes = await followRoutes(lifecycle, { config, known, logger, metrics: own.routes, signals })
  const spooling = { ...config, SPOOL_PATH: spoolPath ?? '', ...(spoolPath === undefined && { SPOOL_MAX_BYTES: 0 }) }
  const opened = await openOwnSpool(lifecycle, { config: spooling, logger })
  const transport = await connect(config, { groups, logger, metrics: own })
  lifecycle.add('broker', () => transport.close())
  const dropped = () => own.journalDropped.inc()
  const journal = openJournal(lifecycle, { log: transport.journal, share: config.JOURNAL_SAMPLE, logger, dropped })
  const publishing = publishByRoutes(transport, { ...routes, journal, contents: contentKeeper(config), groups })
  const accept = acceptance(lifecycle, opened, { transport, publishing, journal, logger, own })
  const underWay = new UnderWay()
  lifecycle.add('what is under way', () => underWay.close())
  return {
    // The type promises nothing: what does not fit rejects as well.
    emit: async (type, data, facts = {}) => {
      const posting = postingOf(type, data, { source, ...facts })
      return underWay.during(() => emitted(accept, posting))
    },
    check: () => ({
      broker: brokerCheck(transport.status(), opened?.spool.status()),
      spool: opened && spoolCheck(opened.spool.status(), transport.status(), Date.now()),
    }),
    metrics: () => metrics.text(),
    close: () => lifecycle.stop(),
  }
}

async function emitted(accept: Accept, posting: ReturnType<typeof postingOf>): Promise<Emitted> {
  const { id } = posting.envelope
  const result: AcceptResult = await accept(posting)
  if (isAccepted(result)) return { id, outcome: result.outcome }
  throw new NotEmitted(id, result.outcome as NotEmitted['outcome'], result.detail)
}

/** Emits that have begun, which a close waits for. */
class UnderWay {
  readonly #all = new Set<Promise<unknown>>()
  #closed = false

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the producer is closed; open another one')
    const done = work()
    this.#all.add(done)
    return done.finally(() => this.#all.delete(done))
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#all)
  }
}
