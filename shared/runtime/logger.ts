import { createRequire } from 'node:module'
import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino'
import type { LogLevel } from './settings'

export type Logger = PinoLogger

export interface LoggerOptions {
  /** The service's name; it stands in every line. */
  readonly service: string
  readonly level: LogLevel
}

// A safety net: nothing of this is meant to be logged, and a payload has no business in a log at all.
const redacted = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'apiKey',
  'url',
  'data',
  'body',
  'payload',
  'environment',
]

/** JSON lines on standard output; readable lines where that is a terminal and pino-pretty is installed. */
export function createLogger({ service, level }: LoggerOptions, destination = defaultDestination()): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
      redact: { paths: redacted.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    },
    destination,
  )
}

/** Synchronous, so that the last line before an exit is not lost. */
function defaultDestination(): DestinationStream {
  return (process.stdout.isTTY ? prettyDestination() : undefined) ?? pino.destination({ dest: 1, sync: true })
}

const onOneLine = {
  sync: true,
  singleLine: true,
  ignore: 'pid,hostname,service',
  messageFormat: '{service}  {msg}',
  translateTime: 'SYS:HH:MM:ss.l',
}

function prettyDestination(): DestinationStream | undefined {
  const load = createRequire(__filename)
  try {
    const pretty = load('pino-pretty') as (options: object) => DestinationStream
    return pretty(onOneLine)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
