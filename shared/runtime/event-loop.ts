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
  const { lateMs, close } = watchLag(windowMs)
  return { check: () => eventLoopCheck(lateMs()), close }
}

export interface LagWatch {
  /** Within how many milliseconds 99 % of the turns of the last full window came; 0 before there was one. */
  readonly lateMs: () => number
  readonly close: () => void
}

export function watchLag(windowMs: number): LagWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let lateMs = 0
  const timer = setInterval(() => {
    lateMs = Math.round(delay.percentile(99) / 1_000_000)
    delay.reset()
  }, windowMs)
  return {
    lateMs: () => lateMs,
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
