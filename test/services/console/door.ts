import { Writable } from 'node:stream'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { groups } from '../../../shared/messages/groups'
import type { DeadLetters } from '../../../shared/messaging/dead-letters'
import { createMetrics } from '../../../shared/runtime/metrics'
import { Desk } from '../../../services/console/desk'
import { consoleServer, type ConsoleServerParts } from '../../../services/console/http/server'
import { consoleMetrics } from '../../../services/console/metrics'
import { Numbers } from '../../../services/console/numbers/numbers'
import type { Observed } from '../../../services/console/observe'
import { ProducerDoor } from '../../../services/console/producer/producer-door'
import { systemView } from '../../../services/console/watch/system'
import { KeptContents } from '../../../services/console/window/kept-contents'
import { MessageWindow } from '../../../services/console/window/message-window'
import { atEnd } from '../../support/ends'
import { routesOf } from './routes-fixtures'

export interface ConsoleDoor {
  readonly app: FastifyInstance
  readonly drain: () => Promise<void>
  /** How often a request has gone for the dead letters. */
  readonly opened: () => number
  readonly logged: () => readonly Record<string, unknown>[]
  readonly post: (url: string, payload: unknown, options?: InjectOptions) => Promise<LightMyRequestResponse>
}

/** Where the dead letters of some group are. */
export const groupPath = `/dead-letters/${groups[0]?.name}`

/** The console's HTTP door until the end of the test. Unless dead letters are given, it reaches no broker. */
export async function openConsoleDoor(
  config: Partial<ConsoleServerParts['config']> = {},
  deadLetters?: DeadLetters,
  parts: Partial<Pick<ConsoleServerParts, 'observed' | 'producer' | 'topology' | 'routes' | 'pageFolder'>> = {},
): Promise<ConsoleDoor> {
  const lines: string[] = []
  let opened = 0
  const open = (): Promise<DeadLetters> => {
    opened++
    if (deadLetters !== undefined) return Promise.resolve(deadLetters)
    return Promise.reject(Object.assign(new Error('there is none'), { code: 'NOT_REACHED' }))
  }
  const metrics = createMetrics('console')
  const { app, drain } = await consoleServer({
    config: {
      BODY_LIMIT: 1_048_576,
      RATE_LIMIT: 0,
      NAMESPACE: 'test',
      JOURNAL_SAMPLE: 1,
      JOURNAL_DATA_BYTES: 0,
      ...config,
    },
    logger: pino({ level: 'info' }, listener(lines)),
    desk: new Desk(open),
    observed: parts.observed ?? observedOf(),
    producer: parts.producer ?? new ProducerDoor({ urls: ['http://127.0.0.1:9'], apiKey: undefined }),
    topology: parts.topology ?? nothingSeen,
    routes: parts.routes ?? routesOf(),
    pageFolder: parts.pageFolder ?? '/nowhere',
    metrics,
    own: consoleMetrics(metrics.registry),
    checks: {},
  })
  atEnd(() => app.close())
  return {
    app,
    drain,
    opened: () => opened,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    post: (url, payload, options = {}) =>
      app.inject({
        method: 'POST',
        url,
        ...options,
        headers: { 'content-type': 'application/json', ...options.headers },
        payload: JSON.stringify(payload),
      }),
  }
}

export const nothingRecorded = { seconds: 15, share: 1, flows: [] }

/** No broker lets it look. */
const nothingSeen: ConsoleServerParts['topology'] = {
  topology: { seen: () => Promise.reject(new Error('there is none')) },
  known: {
    namespace: 'test',
    groups: [],
    ways: { exchangeOf: { command: 'c', event: 'e' }, queuesOf: new Map() },
    types: [],
  },
  recorded: () => nothingRecorded,
}

/** What a console sees that reads no journal and looks at nobody. */
export function observedOf(
  window = new MessageWindow(1_000),
  numbers = new Numbers(),
  contents = new KeptContents(1_000_000),
): Observed {
  const now = Date.now
  const broker = { view: () => ({ from: 'records', detail: 'not looked yet', groups: [] }) as const }
  return {
    ...{ window, contents, now },
    epoch: 'test',
    windowFacts: () => ({ messages: window.size, most: window.most, contents: contents.size, state: 'live', share: 1 }),
    system: () => systemView({ window, services: [], broker, producerUrl: 'http://producer', now }),
    numbers: (range) => numbers.view(range, now()),
    recorded: () => nothingRecorded,
  }
}

function listener(lines: string[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
}
