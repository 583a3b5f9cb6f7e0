import type { FastifyInstance } from 'fastify'
import type { Journal } from '../../../shared/journal/journal'
import type { Group } from '../../../shared/messages/group'
import type { MessageType } from '../../../shared/messages/message'
import type { DeclaredWays } from '../../../shared/messaging/broker-objects'
import type { Transport } from '../../../shared/messaging/transport'
import { producerSource } from '../../../shared/operations/producer-source'
import { parseKeys } from '../../../shared/runtime/api-keys'
import { addBodyBudget } from '../../../shared/runtime/body-budget'
import { addFaultsDoor, type FaultActs } from '../../../shared/runtime/faults-door'
import { addGuard } from '../../../shared/runtime/guard'
import { createHttpServer } from '../../../shared/runtime/http-server'
import type { Logger } from '../../../shared/runtime/logger'
import type { Metrics } from '../../../shared/runtime/metrics'
import { addMetrics, addProbes, type CheckResult } from '../../../shared/runtime/probes'
import type { Tracing } from '../../../shared/runtime/tracing/tracing'
import { Turns } from '../../../shared/runtime/turns'
import type { Store } from '../../../shared/store/store'
import type { SpoolStatus } from '../../../shared/store/spool'
import type { Accept } from '../accept'
import { brokerCheck, spoolCheck } from '../checks'
import type { ProducerConfig } from '../config'
import type { FindMessage } from '../follow-journal'
import { Idempotency, type Fingerprints } from '../idempotency'
import { parseWebhookSecrets } from '../webhooks/secrets'
import type { Waits } from '../waiting/waits'
import { addAsyncApi } from './asyncapi'
import { addDeleteMessage } from './delete-message'
import { addExplainRoute, type ExplainRouteParts } from './explain-route'
import { addGetMessage } from './get-message'
import { addMessageLog } from './message-log'
import { addMessageDocuments } from './openapi'
import { BatchPlaces, batchMedia } from './batch/post-batch'
import { addPostEvent, type PostEventParts } from './post-event'
import { addPostMessage } from './post-message'
import { addPostWebhook } from './post-webhook'
import { addRequestFacts } from './request-facts'

/** Beside the heap: bodies wait for their confirm as Buffers. */
const maxBodiesBytes = 128 * 1024 * 1024
/** Half of what the broker may have unconfirmed: single messages have their place beside the batches. */
const batchEventsAtOnce = 512
const batchesAtOnce = 16

export interface ProducerServerParts {
  readonly config: Pick<
    ProducerConfig,
    'BODY_LIMIT' | 'API_KEYS' | 'WEBHOOK_SECRETS' | 'RATE_LIMIT' | 'NAMESPACE' | 'JOURNAL_SAMPLE'
  >
  readonly catalogue: readonly MessageType[]
  readonly groups: readonly Group[]
  readonly logger: Logger
  /** Undefined where there are no spans. */
  readonly tracing?: Tracing | undefined
  readonly transport: Pick<Transport, 'status'>
  readonly accept: Accept
  /** Stopped with the door. */
  readonly waits: Waits
  /** Called for each webhook whose signature was refused, with the name of its provider. */
  readonly webhookRefused: (provider: string) => void
  readonly find: FindMessage
  readonly journal: Pick<Journal, 'note'>
  readonly explain: ExplainRouteParts['explain']
  /** How messages come into queues. */
  readonly ways: DeclaredWays
  /** Undefined when the producer has none. */
  readonly spool: (() => SpoolStatus) | undefined
  readonly store: Fingerprints & Pick<Store, 'deferrals'> & { check(): Promise<CheckResult> }
  readonly metrics: Metrics
  readonly eventLoop: () => CheckResult
  readonly policies: () => CheckResult
  readonly routes: () => CheckResult
  /** What it can be made to suffer; undefined outside development. */
  readonly faults?: FaultActs
}

export interface ProducerServer {
  readonly app: FastifyInstance
  /** From now on `/readyz` answers 503, while requests are still served. */
  readonly drain: () => void
}

/** The producer's HTTP door, complete but not listening. */
export async function producerServer(parts: ProducerServerParts): Promise<ProducerServer> {
  const { config, catalogue, logger, transport, spool, store, metrics, eventLoop, policies, routes } = parts
  const app = createHttpServer({ logger, bodyLimit: config.BODY_LIMIT })
  let stopping = false
  addRequestFacts(app, parts.tracing)
  await addGuard(app, { keys: parseKeys(config.API_KEYS), perSecond: config.RATE_LIMIT, foreignPages: 'may look' })
  addBodyBudget(app, { bodyLimit: config.BODY_LIMIT, maxBytes: maxBodiesBytes, streams: batchMedia })
  addMessageLog(app, logger)
  await addMessageDocuments(app, catalogue)
  addProbes(app, {
    broker: () => brokerCheck(transport.status(), spool?.()),
    ...(spool !== undefined && { spool: () => spoolCheck(spool(), transport.status(), Date.now()) }),
    store: () => store.check(),
    event_loop: eventLoop,
    policies,
    routes,
    service: () => (stopping ? { status: 'failed', detail: 'is stopping' } : { status: 'ok', detail: 'runs' }),
  })
  addMetrics(app, metrics)
  await addMessageRoutes(app, parts)
  if (parts.faults !== undefined) addFaultsDoor(app, { acts: parts.faults, logger })
  return {
    app,
    drain: () => {
      stopping = true
    },
  }
}

async function addMessageRoutes(app: FastifyInstance, parts: ProducerServerParts): Promise<void> {
  const {
    config,
    catalogue,
    groups,
    logger,
    accept,
    webhookRefused: refused,
    find,
    journal,
    explain,
    ways,
    store,
    waits,
  } = parts
  const { NAMESPACE: namespace, BODY_LIMIT: bodyLimit, JOURNAL_SAMPLE: share } = config
  const source = producerSource(namespace)
  const providers = parseWebhookSecrets(config.WEBHOOK_SECRETS)
  app.addHook('preClose', (done) => {
    waits.stop()
    done()
  })
  addPostMessage(app, { catalogue, accept, idempotency: new Idempotency(store, logger), waits, source })
  await addPostEvent(app, { catalogue, accept, waits, source, batch: batchParts(app, parts) })
  addPostWebhook(app, { catalogue, providers, accept, namespace, source, bodyLimit, now: Date.now, refused })
  const asked = { find, types: catalogue.map(({ name }) => name), share, source }
  addGetMessage(app, asked)
  addDeleteMessage(app, { ...asked, deferrals: store.deferrals, journal })
  addAsyncApi(app, { catalogue, groups, ways })
  addExplainRoute(app, { catalogue, source, explain })
}

function batchParts(app: FastifyInstance, { config, logger }: ProducerServerParts): PostEventParts['batch'] {
  const stopping = new AbortController()
  app.addHook('preClose', (done) => {
    stopping.abort()
    done()
  })
  return {
    eventLimit: config.BODY_LIMIT,
    turns: new Turns(batchEventsAtOnce),
    places: new BatchPlaces(batchesAtOnce),
    stop: stopping.signal,
    failed: (error) => logger.error({ err: error }, 'an event of a batch failed'),
    brokeOff: ({ facts, id }) => logger.warn({ ...facts.batch, requestId: id }, 'a batch broke off'),
  }
}
