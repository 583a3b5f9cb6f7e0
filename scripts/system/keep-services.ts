import type { FoundBroker } from '../broker/found-broker'
import { afterExit } from '../supervise/after-exit'
import { supervise, type Outcome, type Supervised } from '../supervise/supervise'
import { untilReady } from '../supervise/until-ready'
import type { Say } from '../terminal/say'
import { faultSettings } from './faults'
import { portTaken } from './port-taken'
import type { Service } from './service'
import { environmentFor, type SystemSettings } from './settings'
import type { StopSignals } from './stop-signals'

export interface Launch {
  readonly services: readonly Service[]
  readonly settings: SystemSettings
  readonly broker: Pick<FoundBroker, 'url' | 'ctl'>
  readonly nodeArguments: (name: Service['name']) => readonly string[]
  readonly say: Say
  readonly stop: StopSignals
  /** Runs when all services have become ready. */
  readonly onReady: (running: readonly Supervised[]) => void
}

/** Whoever still lives this much later than its own deadline does not obey. */
const patienceMs = 5_000

/**
 * Starts the services and keeps them running until a stop is asked for or one of them is given up. Resolves when all
 * have ended: 0 after a stop that was asked for and completed, else 1.
 */
export function keepServices(launch: Launch): Promise<number> {
  if (launch.stop.asked.aborted) return Promise.resolve(0)
  const notReady = new Set(launch.services)
  const ready = (service: Service) => {
    if (notReady.delete(service) && notReady.size === 0) launch.onReady(running)
  }
  const running = launch.services.map((service) => keepService(service, launch, () => ready(service)))
  process.once('exit', () => {
    // Only a stop by force kills. If we end for any other reason, the services notice it and drain.
    if (launch.stop.forced.aborted) for (const one of running) one.kill()
  })
  return untilEnded(running, launch)
}

function keepService(service: Service, launch: Launch, onReady: () => void): Supervised {
  const { name, url, portSetting, port } = service
  const { say } = launch
  say(`${name}: starting`)
  const program = {
    name,
    command: process.execPath,
    args: launch.nodeArguments(name),
    env: {
      ...placesOf(launch),
      ...forBuilding(launch.settings),
      ...environmentFor(launch.broker.url),
      ...faultSettings(launch.settings, launch.broker, process.env),
      [portSetting]: String(port),
    },
    untilReady: async (gone: AbortSignal, pid: number | undefined) => {
      const ready = await untilReady(`${url}/readyz`, gone, (missing) => say(`${name}: not ready yet: ${missing}`))
      if (!ready) return false
      say(`${name}: ready (process ${pid})`)
      onReady()
      return true
    },
  }
  return supervise(program, {
    say,
    afterExit: (ended) => afterExit(ended, Math.random),
    findObstacle: () => portTaken(service),
  })
}

/** Where each finds the others, unless the settings say otherwise: their ports may have been chosen here. */
function placesOf({ services, settings }: Pick<Launch, 'services' | 'settings'>): NodeJS.ProcessEnv {
  const at = (name: Service['name']) => services.find((service) => service.name === name)?.url
  return {
    PRODUCER_URL: settings.PRODUCER_URL ?? at('producer'),
    CONSUMER_URL: settings.CONSUMER_URL ?? at('consumer'),
  }
}

/** Who builds wants to see what he sends; a service by itself keeps nothing of it. */
function forBuilding({ JOURNAL_DATA_BYTES = 16_384 }: SystemSettings): NodeJS.ProcessEnv {
  return { JOURNAL_DATA_BYTES: String(JOURNAL_DATA_BYTES) }
}

async function untilEnded(running: readonly Supervised[], launch: Launch): Promise<number> {
  const { say, stop, settings } = launch
  const gaveUp = await Promise.race([askedOf(stop.asked), ...running.map(reasonToEnd)])
  if (gaveUp !== undefined) say(gaveUp)
  const graceMs = settings.SHUTDOWN_TIMEOUT_MS + patienceMs
  const codes = running.map(async (one) => exitCodeOf(one, await one.stop(graceMs), say))
  return Math.max(gaveUp === undefined ? 0 : 1, ...(await Promise.all(codes)))
}

function askedOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined))
  })
}

async function reasonToEnd({ name, outcome }: Supervised): Promise<string | undefined> {
  const ended = await outcome
  return ended.kind === 'gave_up' ? `${name}: given up, because ${ended.why}` : undefined
}

function exitCodeOf({ name }: Supervised, outcome: Outcome, say: Say): number {
  if (outcome.kind === 'gave_up') return 1
  const { exit } = outcome
  // Our SIGTERM may come before a service has learnt to listen for it; nothing was under way then.
  const tooEarly = exit?.signal === 'SIGTERM' && exit.readyForMs === undefined
  if (exit === undefined || exit.code === 0 || tooEarly) return 0
  say(`${name}: did not stop cleanly (${exit.how})`)
  return 1
}
