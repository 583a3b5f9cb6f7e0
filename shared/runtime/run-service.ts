import { armFailpoints } from './failpoints'
import { Lifecycle } from './lifecycle'
import { createLogger, type Logger } from './logger'
import type { LogLevel } from './settings'
import { SettingsError } from './settings-error'
import { listenForStop } from './stop-requests'

export interface ServiceFacts<C> {
  readonly name: string
  /** Reads the settings; a {@link SettingsError} ends the process with its lines. */
  readonly settings: () => C
}

export interface Surroundings<C> {
  readonly config: C
  readonly logger: Logger
  /** Ends the service in order, as a stop does, but with 1: for a fault that another process does not have. */
  readonly fail: (why: string) => void
}

interface RunSettings {
  readonly LOG_LEVEL: LogLevel
  readonly SHUTDOWN_TIMEOUT_MS: number
  readonly FAILPOINTS?: string
}

/** Starts a service; each part it starts is pushed on the lifecycle. Resolves when it works. */
export type Start<C> = (lifecycle: Lifecycle, surroundings: Surroundings<C>) => Promise<unknown>

const exitStopped = 0
const exitFailed = 1
/** EX_CONFIG of sysexits.h: a supervisor need not try again. */
const exitMisconfigured = 78

/**
 * Runs a service until it is told to stop, and ends the process: 0 after a stop that was asked for and completed, 78
 * when starting again cannot help (wrong settings, or an error that says so by `permanent`), 1 for everything else.
 * The only place that knows signals and exit codes.
 */
export async function runService<C extends RunSettings>(
  start: Start<C>,
  { name, settings }: ServiceFacts<C>,
): Promise<void> {
  try {
    const config = settings()
    const logger = createLogger({ service: name, level: config.LOG_LEVEL })
    exitOnFault(logger)
    armFailpoints(config.FAILPOINTS)
    if (config.FAILPOINTS !== undefined) logger.warn({ failpoints: config.FAILPOINTS }, 'failpoints are armed: a test')
    await startAndListen(start, { config, logger })
  } catch (error) {
    exitMisconfiguredFor(name, error)
  }
}

async function startAndListen<C extends RunSettings>(
  start: Start<C>,
  { logger, config }: Omit<Surroundings<C>, 'fail'>,
): Promise<void> {
  const lifecycle = new Lifecycle()
  let stopping = false
  const stop = (reason: string, exitCode = exitStopped) => {
    if (stopping) return
    stopping = true
    logger.info({ reason }, 'stopping')
    void end(lifecycle, { logger, exitCode, timeoutMs: config.SHUTDOWN_TIMEOUT_MS })
  }
  const fail = (why: string) => {
    if (!stopping) logger.fatal(why)
    stop('it cannot go on', exitFailed)
  }
  listenForStop({ stop, force: (reason) => exitAtOnce(logger, `${reason} again`) })
  try {
    await start(lifecycle, { config, logger, fail })
    if (!stopping) logger.info('started')
  } catch (error) {
    // A stop takes its parts from under a start; what the start says to that is no failure.
    if (!stopping) await failToStart(lifecycle, { logger, error })
  }
}

interface Ending {
  readonly logger: Logger
  readonly exitCode: number
  readonly timeoutMs: number
}

async function end(lifecycle: Lifecycle, { logger, exitCode, timeoutMs }: Ending): Promise<void> {
  setTimeout(() => exitAtOnce(logger, `the stop took longer than ${timeoutMs} ms`), timeoutMs)
  try {
    await lifecycle.stop()
    logger.info('stopped')
    process.exit(exitCode)
  } catch (err) {
    logger.error({ err }, 'could not stop cleanly')
    process.exit(exitFailed)
  }
}

async function failToStart(lifecycle: Lifecycle, { logger, error }: { logger: Logger; error: unknown }): Promise<void> {
  const stopped = lifecycle.stop().catch((err: unknown) => logger.error({ err }, 'could not stop cleanly'))
  await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 5_000))])
  if (error instanceof SettingsError) throw error
  logger.fatal({ err: error }, `could not start: ${(error as Error).message}`)
  process.exit((error as { permanent?: unknown }).permanent === true ? exitMisconfigured : exitFailed)
}

function exitOnFault(logger: Logger): void {
  const exit = (kind: string) => (err: unknown) => {
    logger.fatal({ err }, kind)
    process.exit(exitFailed)
  }
  process.on('uncaughtException', exit('uncaught exception'))
  process.on('unhandledRejection', exit('unhandled rejection'))
}

function exitAtOnce(logger: Logger, reason: string): never {
  logger.error({ reason }, 'ended by force')
  process.exit(exitFailed)
}

function exitMisconfiguredFor(name: string, error: unknown): never {
  if (!(error instanceof SettingsError)) throw error
  for (const line of error.lines) process.stderr.write(`${name}: ${line}\n`)
  process.exit(exitMisconfigured)
}
