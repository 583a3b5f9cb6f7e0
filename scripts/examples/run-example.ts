import type { Example } from '../../examples/example'
import { findBroker } from '../broker/find-broker'
import { environmentFor, readSystemSettings } from '../system/settings'
import { stopSignals } from '../system/stop-signals'
import { askOnTerminal } from '../terminal/ask'
import { sayTo } from '../terminal/say'
import { openStage, type OpenedStage } from './open-stage'

/**
 * Finds or starts a broker, shows the example there, and leaves nothing of it. Resolves with the exit code: 0 when every
 * promise was kept.
 */
export async function runExample(example: Example): Promise<number> {
  const say = sayTo(process.stdout)
  const { asked, forced } = stopSignals()
  forced.addEventListener('abort', () => process.exit(1))
  const settings = readSystemSettings()
  const env = environmentFor(settings.BROKER_URL)
  const broker = await findBroker({ env, directory: '.handoff/broker', say, ask: askOnTerminal(asked) })
  say(`${example.name}: ${example.about}; on ${broker.how}`)
  try {
    const stage = await openStage(example, { settings, brokerUrl: broker.url, say })
    try {
      return await shown(example, stage, asked)
    } finally {
      await stage.close()
    }
  } finally {
    await broker.stop()
  }
}

async function shown({ name, show }: Example, stage: OpenedStage, asked: AbortSignal): Promise<number> {
  try {
    await Promise.race([show(stage), rejectedBy(asked)])
    stage.say(`${name}: every promise was kept`)
    return 0
  } catch (error) {
    if (!asked.aborted) for (const line of stage.lastWords()) stage.say(line)
    stage.say(`${name}: ${asked.aborted ? 'stopped before its end' : (error as Error).message}`)
    return 1
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('asked to stop')), { once: true })
  })
}
