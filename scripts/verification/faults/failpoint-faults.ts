import { setTimeout as pause } from 'node:timers/promises'
import type { FailpointName } from '../../../shared/runtime/failpoints'
import type { Ending, OwnService } from '../own-service'
import { untilBothReady } from '../own-pair'
import type { Fault, Stage } from './fault'

// So few that every place is passed as often soon, the rarest of them also in a slow run.
const mostPassings = 20
const strikesWithinMs = 120_000
const apartMs = 2_000

/** It is started again so that it kills itself at this step of a message's way, at a passing by the seed. */
export function producerKilledAt(point: FailpointName): Fault {
  return struck({ which: ({ producer }) => producer, point, action: 'kill' })
}

/** As {@link producerKilledAt}. */
export function consumerKilledAt(point: FailpointName): Fault {
  return struck({ which: ({ consumer }) => consumer, point, action: 'kill' })
}

/** A promise that nobody handles is rejected at this step: the process must end by itself, with exit code 1. */
export function producerFaultedAt(point: FailpointName): Fault {
  return struck({ which: ({ producer }) => producer, point, action: 'reject' })
}

/** As {@link producerFaultedAt}. */
export function consumerFaultedAt(point: FailpointName): Fault {
  return struck({ which: ({ consumer }) => consumer, point, action: 'reject' })
}

/** As {@link producerKilledAt}, at a step that is taken only where the broker is away, or when it comes back. */
export function producerKilledApart(point: FailpointName): Fault {
  return struck({ which: ({ producer }) => producer, point, action: 'kill', during: awayForAWhile })
}

interface Strike {
  readonly which: (stage: Stage) => OwnService
  readonly point: FailpointName
  readonly action: 'kill' | 'reject'
  /** What else happens meanwhile, once both services are ready. */
  readonly during?: (stage: Stage) => Promise<void>
}

function struck({ which, point, action, during }: Strike): Fault {
  return async (stage) => {
    const service = which(stage)
    await service.end('SIGTERM')
    service.start({ FAILPOINTS: `${point}=${action}@${1 + Math.floor(stage.random() * mostPassings)}` })
    const ended = service.endsByItself()
    if (during !== undefined && (await isReadyBefore(ended, stage))) await during(stage)
    expectStrike(await Promise.race([ended, tooLate()]), `the ${service.name} at ${point}`, action)
    return () => service.start()
  }
}

/** What lies in its spool may strike it before it is ready. */
function isReadyBefore(ended: Promise<Ending>, stage: Stage): Promise<boolean> {
  return Promise.race([ended.then(() => false), untilBothReady(stage).then(() => true)])
}

async function awayForAWhile({ paths: [path] }: Stage): Promise<void> {
  path.refuse()
  path.cut()
  await pause(apartMs)
  path.accept()
}

async function tooLate(): Promise<undefined> {
  await pause(strikesWithinMs, undefined, { ref: false })
  return undefined
}

function expectStrike(ending: Ending | undefined, who: string, action: Strike['action']): void {
  const isRight = action === 'kill' ? ending?.signal === 'SIGKILL' : ending?.code === 1
  if (isRight) return
  const how = ending === undefined ? `within ${strikesWithinMs / 1_000} s` : `but ${JSON.stringify(ending)}`
  throw new Error(`the failpoint ${action} did not end ${who} ${how}; its log is in the report`)
}
