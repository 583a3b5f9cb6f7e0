import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePorts } from '../../scripts/broker/free-ports'
import { serviceArguments } from '../../scripts/service-arguments'
import { atEnd, mustBeGone } from './ends'
import { eventually } from './eventually'
import { collectLogs, type LogLine } from './service-logs'

export type ServiceName = 'producer' | 'consumer' | 'console'

/** A built service that runs as a process of its own. */
export interface RunningService {
  readonly url: string
  readonly pid: number
  /** The store it was given. */
  readonly storeUrl: string
  /** Its log lines so far; grows. A line that is no JSON, such as a crash, stands in `text`. */
  readonly logs: readonly LogLine[]
  /** How it ended; `code` is null when a signal ended it. */
  readonly exited: Promise<Exit>
  kill(signal?: NodeJS.Signals): void
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StartOptions {
  /** When the call resolves: once it has started and `/readyz` answers 200, or as soon as the process runs. Default `ready`. */
  readonly until?: 'ready' | 'spawned'
  /** A TypeScript file to run in place of the built service, and its arguments. */
  readonly instead?: readonly [file: string, ...args: string[]]
}

const root = resolve(__dirname, '..', '..')
// One whose sources are compiled as it starts took most of 30 seconds on a busy machine.
const readyWithinMs = 90_000

/**
 * Starts `dist/services/NAME/main.js` with these settings, a free port and a fresh SQLite store, unless the settings
 * name others. A producer has no spool unless the settings name its folder: most tests are about what the broker confirms.
 * Nothing else of our environment's settings reaches it. Killed at the end of the test or file.
 */
export async function startService(
  name: ServiceName,
  settings: Readonly<Record<string, string>>,
  { until = 'ready', instead }: StartOptions = {},
): Promise<RunningService> {
  const env = await environmentOf(name, settings)
  const child =
    instead === undefined
      ? spawn(process.execPath, [...serviceArguments, builtMain(name)], { env, cwd: tmpdir(), stdio: 'pipe' })
      : spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', ...instead], {
          env,
          cwd: root,
          stdio: 'pipe',
        })
  const service = described(child, `http://127.0.0.1:${env[portVariable(name)]}`, env['STORE_URL'] ?? '')
  endWith(child, name, service.exited)
  if (until === 'ready') await readiness(name, service, saysThatItStarted(env['LOG_LEVEL']))
  return service
}

function builtMain(name: ServiceName): string {
  const main = join(root, 'dist', 'services', name, 'main.js')
  if (!existsSync(main)) throw new Error(`${main} is missing; run: npm run build`)
  return main
}

async function environmentOf(name: ServiceName, settings: Readonly<Record<string, string>>) {
  const [port = 0] = await freePorts(1)
  const folder = await mkdtemp(join(tmpdir(), 'handoff-service-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return {
    PATH: process.env['PATH'],
    [portVariable(name)]: String(port),
    STORE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
    ...(settings['SPOOL_PATH'] === undefined && { SPOOL_MAX_BYTES: '0' }),
    ...settings,
  } as NodeJS.ProcessEnv
}

function portVariable(name: ServiceName): string {
  return `${name.toUpperCase()}_PORT`
}

function described(child: ChildProcess, url: string, storeUrl: string): RunningService {
  const exited = new Promise<Exit>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  const kill = (signal: NodeJS.Signals = 'SIGTERM') => void child.kill(signal)
  return { url, pid: child.pid ?? 0, storeUrl, logs: collectLogs(child), exited, kill }
}

function endWith(child: ChildProcess, name: ServiceName, exited: Promise<Exit>): void {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  mustBeGone(`${name} (process ${child.pid})`, () => !hasEnded())
  atEnd(async () => {
    child.kill('SIGKILL')
    await exited
  })
}

function saysThatItStarted(logLevel: string = 'info'): boolean {
  return ['trace', 'debug', 'info'].includes(logLevel)
}

// Between the look for a free port and the listening, a service of another run may have got it: what is ready then, and
// declared, is of another namespace, perhaps at another broker.
async function readiness(name: ServiceName, service: RunningService, mustSayStarted: boolean): Promise<void> {
  const { url, logs, exited } = service
  let early: Exit | undefined
  void exited.then((exit) => (early = exit))
  const hasStarted = () => !mustSayStarted || logs.some(({ msg }) => msg === 'started')
  const answer = async (): Promise<Exit | boolean> => early ?? ((await answersReady(url)) && hasStarted())
  const found = await eventually(`${name} is ready`, answer, { withinMs: readyWithinMs }).catch((error: Error) => {
    throw new Error(`${error.message}\n${lastWords(logs)}`, { cause: error })
  })
  if (found !== true)
    throw new Error(`the ${name} ended with ${found.code ?? found.signal} before it was ready:\n${lastWords(logs)}`)
}

async function answersReady(url: string): Promise<true> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })
  const body = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${body}`)
  return true
}

function lastWords(logs: readonly LogLine[]): string {
  return logs
    .slice(-8)
    .map((line) => JSON.stringify(line))
    .join('\n')
}
