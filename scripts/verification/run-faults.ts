import { setTimeout as pause } from 'node:timers/promises'
import type { FaultRecord } from '../../shared/verification/report'
import type { RunClock } from '../../shared/verification/run-clock'
import type { PlannedFault } from './fault-plan'
import { faults } from './faults/all'
import type { Stage } from './faults/fault'
import { untilBothReady } from './own-pair'

export interface FaultRun {
  readonly stage: Stage
  readonly clock: RunClock
  readonly say: (line: string) => void
  /** Resolves when the run has come so far, from 0 to 1: faults are spread over the whole of it. */
  readonly turn: (share: number) => Promise<void>
  /** Holds back new messages, or lets them come again. */
  readonly hold: (isHeld: boolean) => void
  /** Ends it after the present fault. */
  readonly signal: AbortSignal
}

const patientMs = 20_000

/** Does one fault after the other, each when both services have recovered from the last; rejects where they do not. */
export async function runFaults(plan: readonly PlannedFault[], run: FaultRun): Promise<readonly FaultRecord[]> {
  const records: FaultRecord[] = []
  for (const [at, fault] of plan.entries()) {
    await run.turn(at / plan.length)
    if (run.signal.aborted) break
    await pause(fault.afterMs)
    run.say(`fault ${at + 1} of ${plan.length}: ${fault.name} for ${(fault.lastsMs / 1_000).toFixed(1)} s`)
    const record = await runFault(fault, run)
    run.say(`  over, ready after ${(record.readyAfterMs / 1_000).toFixed(1)} s`)
    records.push(record)
  }
  return records
}

async function runFault({ name, lastsMs }: PlannedFault, { stage, clock, hold }: FaultRun): Promise<FaultRecord> {
  const beganMs = clock.elapsedMs()
  const end = await faults[name](stage)
  await pause(lastsMs)
  await end()
  const endedMs = clock.elapsedMs()
  await recovered(stage, hold)
  return { name, beganMs, endedMs, readyAfterMs: clock.elapsedMs() - endedMs }
}

/** Who is not ready for so long gets nothing new until he is, as behind a load balancer. */
async function recovered(stage: Stage, hold: FaultRun['hold']): Promise<void> {
  const timer = setTimeout(() => hold(true), patientMs)
  try {
    await untilBothReady(stage)
  } finally {
    clearTimeout(timer)
    hold(false)
  }
}
