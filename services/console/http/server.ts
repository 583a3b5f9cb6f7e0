import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contentKeeper, type ContentSettings } from '../../../shared/journal/content-keeper'
import { catalogue } from '../../../shared/messages/catalogue'
import { groups } from '../../../shared/messages/groups'
import { systemClock } from '../../../shared/runtime/clock'
import { parseKeys } from '../../../shared/runtime/api-keys'
import { addBodyBudget } from '../../../shared/runtime/body-budget'
import { addDocuments } from '../../../shared/runtime/documents'
import { addGuard } from '../../../shared/runtime/guard'
import { createHttpServer } from '../../../shared/runtime/http-server'
import type { Logger } from '../../../shared/runtime/logger'
import type { Metrics } from '../../../shared/runtime/metrics'
import { addMetrics, addProbes, probePaths, type Checks } from '../../../shared/runtime/probes'
import { addRequestLog, type Answered } from '../../../shared/runtime/request-log'
import type { ConsoleConfig } from '../config'
import type { Desk } from '../desk'
import type { ConsoleMetrics } from '../metrics'
import type { Observed } from '../observe'
import type { ProducerDoor } from '../producer/producer-door'
import { addCheckData } from './check-data'
import { addEditLetter } from './edit-letter'
import { addExplainEvent } from './explain-event'
import { addExportLetters } from './export-letters'
import { addFaults, type FaultRoutes } from './faults'
import { addImportLetters, importBytes } from './import-letters'
import { addListContracts } from './list-contracts'
import { addListGroups } from './list-groups'
import { addListLetters } from './list-letters'
import { addListMessages } from './list-messages'
import { addLive } from './live'
import { addMoveLetters } from './move-letters'
import { RequestEnds } from './request-ends'
import { addShowAccess } from './show-access'
import { addShowContent } from './show-content'
import { addShowDocuments } from './show-documents'
import { addShowFailures } from './show-failures'
import { addSendMessage } from './send-message'
import { addShowLetter } from './show-letter'
import { addShowMessage } from './show-message'
import { addShowNumbers } from './show-numbers'
import { addShowRoutes } from './show-routes'
import { addShowTopology, type ShowTopologyParts } from './show-topology'
import { addWebPage } from './web-page'
import { addWhatIf } from './what-if'
import type { LetterRoutes } from './letter-routes'
import type { RoutesParts } from './routes-parts'

const maxBodiesBytes = 4 * importBytes

export interface ConsoleServerParts {
  readonly config: Pick<
    ConsoleConfig,
    'BODY_LIMIT' | 'CONSOLE_API_KEYS' | 'CONSOLE_READ_KEYS' | 'RATE_LIMIT' | 'NAMESPACE' | 'JOURNAL_SAMPLE'
  > &
    ContentSettings
  readonly logger: Logger
  readonly desk: Desk
  readonly observed: Observed
  readonly producer: Pick<ProducerDoor, 'ask'>
  readonly topology: ShowTopologyParts
  /** Undefined outside development. */
  readonly faults?: FaultRoutes
  readonly routes: RoutesParts
  /** Where the built page is. */
  readonly pageFolder: string
  readonly metrics: Metrics
  readonly own: ConsoleMetrics
  readonly checks: Checks
}

export interface ConsoleServer {
  readonly app: FastifyInstance
  /** From now on `/readyz` answers 503, and what is at work at the dead letters ends between two of them; resolves when it has. */
  readonly drain: () => Promise<void>
}

/** The console's HTTP door, complete but not listening. */
export async function consoleServer(parts: ConsoleServerParts): Promise<ConsoleServer> {
  const { config, logger, metrics, checks } = parts
  const app = createHttpServer({ logger, bodyLimit: config.BODY_LIMIT })
  const ends = new RequestEnds()
  let stopping = false
  const keys = [...parseKeys(config.CONSOLE_API_KEYS), ...parseKeys(config.CONSOLE_READ_KEYS, 'look')]
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store')
    done()
  })
  await addGuard(app, { keys, perSecond: config.RATE_LIMIT, foreignPages: 'kept out' })
  addBodyBudget(app, { bodyLimit: importBytes, maxBytes: maxBodiesBytes })
  addRequestLog(app, { logger, isTold: isRefusal, facts: () => ({}) })
  await addDocuments(app, {
    title: 'Handoff console',
    description:
      'What the page of the console does, over HTTP: messages, numbers, what changes, the topology, routing rules, and dead letters.',
    prefixes: [
      ...['/dead-letters', '/messages', '/live', '/numbers', '/system'],
      ...['/contracts', '/topology', '/routes', '/access', '/faults'],
    ],
  })
  addProbes(app, {
    ...checks,
    service: () => (stopping ? { status: 'failed', detail: 'is stopping' } : { status: 'ok', detail: 'runs' }),
  })
  addMetrics(app, metrics)
  await addWebPage(app, parts.pageFolder)
  addWatchRoutes(app, ends, parts)
  const journal = { journalShare: config.JOURNAL_SAMPLE, contents: contentKeeper(config) }
  addLetterRoutes(app, { ...parts, ends, namespace: config.NAMESPACE, ...journal })
  return {
    app,
    drain: () => {
      stopping = true
      ends.stop()
      return parts.desk.idle()
    },
  }
}

function addWatchRoutes(app: FastifyInstance, ends: RequestEnds, parts: ConsoleServerParts): void {
  const { observed, producer } = parts
  addLive(app, { ends, live: observed, clock: systemClock })
  addListMessages(app, { ...observed, ends })
  addShowMessage(app, { window: observed.window, producer, ends })
  addShowContent(app, { contents: observed.contents, catalogue })
  addSendMessage(app, { producer, ends, audit: auditLog(parts) })
  addShowNumbers(app, observed)
  addShowTopology(app, parts.topology)
  addShowAccess(app)
  addShowRoutes(app, { ...parts.routes, ...observed })
  addExplainEvent(app, parts.routes)
  addWhatIf(app, { ...parts.routes, ...observed, ends })
  addListContracts(app, { catalogue, groups })
  addCheckData(app, catalogue)
  addShowDocuments(app, { producer, ends })
  if (parts.faults !== undefined) addFaults(app, { ...parts.faults, audit: auditLog(parts) })
}

/** The audit is written whatever LOG_LEVEL says. */
function auditLog({ logger }: Pick<ConsoleServerParts, 'logger'>): Logger {
  return logger.child({}, { level: 'info' })
}

function addLetterRoutes(app: FastifyInstance, parts: Omit<LetterRoutes, 'groups' | 'catalogue' | 'audit'>): void {
  const routes: LetterRoutes = { ...parts, audit: auditLog(parts), groups, catalogue }
  addListGroups(app, routes)
  addListLetters(app, routes)
  addShowFailures(app, routes)
  addExportLetters(app, routes)
  addShowLetter(app, routes)
  addMoveLetters(app, routes)
  addEditLetter(app, routes)
  addImportLetters(app, routes)
}

/** Of what was changed the audit tells. */
function isRefusal(_request: FastifyRequest, { url, status }: Answered): boolean {
  return status >= 400 && !probePaths.includes(url ?? '')
}
