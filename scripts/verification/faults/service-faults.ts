import { setTimeout as pause } from 'node:timers/promises'
import { runCommand } from '../../broker/run-command'
import type { OwnService } from '../own-service'
import type { Fault, Stage } from './fault'
import { seen } from './seen'

type Which = (stage: Stage) => OwnService

const stopLastsMs = 50
// Those that are open stay so; a new one would have a higher number.
const fewDescriptors = 8

/** SIGKILL, and a start some time later. */
export function killed(which: Which): Fault {
  return async (stage) => {
    await which(stage).end('SIGKILL')
    return () => which(stage).start()
  }
}

/** SIGTERM, which must end in order, and a start some time later. */
export function replaced(which: Which): Fault {
  return async (stage) => {
    const { code } = await which(stage).end('SIGTERM')
    if (code !== 0) throw new Error(`the ${which(stage).name} did not stop in order after SIGTERM: exit code ${code}`)
    return () => which(stage).start()
  }
}

/** SIGSTOP: its connections stay open and silent. */
export function frozen(which: Which): Fault {
  return (stage) => {
    which(stage).signal('SIGSTOP')
    return Promise.resolve(() => which(stage).signal('SIGCONT'))
  }
}

/** SIGTERM, and SIGKILL in the middle of the stop. */
export function stopCutShort(which: Which): Fault {
  return async (stage) => {
    which(stage).signal('SIGTERM')
    const ended = which(stage).endsByItself()
    await pause(stage.random() * stopLastsMs)
    which(stage).signal('SIGKILL')
    const { code, signal } = await ended
    if (signal !== 'SIGKILL' && code !== 0)
      throw new Error(`the ${which(stage).name} ended with exit code ${code} between SIGTERM and SIGKILL`)
    return () => which(stage).start()
  }
}

/** No file and no connection can be opened any more, and the connections to the broker are cut. */
export function descriptorsExhausted(which: Which, at: 0 | 1): Fault {
  return async (stage) => {
    const [service, path] = [which(stage), stage.paths[at]]
    const limit = await runCommand('prlimit', [`--pid=${service.pid}`, '--nofile', '--output=SOFT', '--noheadings'])
    await runCommand('prlimit', [`--pid=${service.pid}`, `--nofile=${fewDescriptors}:`])
    path.cut()
    await seen(`the ${service.name} still takes connections`, async () => !(await service.answers()))
    return async () => void (await runCommand('prlimit', [`--pid=${service.pid}`, `--nofile=${limit.trim()}:`]))
  }
}
