import { findBroker } from '../broker/find-broker'
import type { Supervised } from '../supervise/supervise'
import { askOnTerminal } from '../terminal/ask'
import { sayTo, type Say } from '../terminal/say'
import { keepServices, type Launch } from './keep-services'
import { portTaken } from './port-taken'
import { servicesIn, type Service } from './service'
import { environmentFor, readSystemSettings } from './settings'
import { stopSignals } from './stop-signals'
import { welcome } from './welcome'

export interface Plan {
  /** What must be done before a service can start, such as the build. */
  readonly prepare: (say: Say, signal: AbortSignal) => Promise<void>
  /** The arguments that make Node run a service. */
  readonly nodeArguments: Launch['nodeArguments']
  /** Hears the services once they are all ready. */
  readonly whenReady: (running: readonly Supervised[], say: Say) => void
}

/** Runs everything on this machine until it is asked to stop; resolves with the exit code, 0 for a clean stop. */
export async function runSystem(plan: Plan): Promise<number> {
  const say = sayTo(process.stdout)
  const stop = stopSignals()
  stop.asked.addEventListener('abort', () => say(`stopping: ${String(stop.asked.reason)}`))
  stop.forced.addEventListener('abort', () => {
    say('ending at once: asked again')
    process.exit(1)
  })
  const settings = readSystemSettings()
  const services = await servicesIn(settings)
  await refuseTakenPorts(services)
  const broker = await unlessStopped(stop.asked, async () => {
    await plan.prepare(say, stop.asked)
    const env = environmentFor(settings.BROKER_URL)
    return findBroker({
      env,
      directory: '.handoff/broker',
      say: unlessAborted(stop.asked, say),
      ask: askOnTerminal(stop.asked),
    })
  })
  if (broker === undefined) return 0
  try {
    const onReady = (running: readonly Supervised[]) => {
      process.stdout.write(welcome(services, broker.how, settings))
      plan.whenReady(running, say)
    }
    return await keepServices({ ...plan, services, settings, broker, say, stop, onReady })
  } finally {
    await broker.stop()
    say('stopped')
  }
}

/** A stop that was asked for makes work fail that was under way; that is no failure of the whole. */
async function unlessStopped<T>(asked: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (asked.aborted) return undefined
    throw error
  }
}

/** The search for a broker speaks before it tries the next way; that is where a stop ends it. */
function unlessAborted(asked: AbortSignal, say: Say): Say {
  return (line) => {
    asked.throwIfAborted()
    say(line)
  }
}

async function refuseTakenPorts(services: readonly Service[]): Promise<void> {
  for (const service of services) {
    const taken = await portTaken(service)
    if (taken !== undefined) throw new Error(taken)
  }
}
