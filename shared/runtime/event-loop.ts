import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CheckResult } from './probes'

const resolutionMs = 20
const windowMs = 10_000
const maxDelayMs = 250

export interface EventLoopWatch {
  readonly check: () => CheckResult
  readonly close: () => void
}

/** Watches how late the process gets round to its work; judged by the last full ten seconds. */
export function watchEventLoop(): EventLoopWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let lateMs = 0
  const timer = setInterval(() => {
    lateMs = Math.round(delay.percentile(99) / 1_000_000)
    delay.reset()
  }, windowMs)
  return {
    check: () => eventLoopCheck(lateMs),
    close: () => {
      clearInterval(timer)
      delay.disable()
    },
  }
}

/** Failed when one moment in a hundred comes more than 250 ms late: others should get the work for a while. */
export function eventLoopCheck(lateMs: number): CheckResult {
  const detail = `99 % of its turns come within ${lateMs} ms`
  return { status: lateMs > maxDelayMs ? 'failed' : 'ok', detail }
}
