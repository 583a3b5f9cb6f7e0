import { ProblemError } from '../../../shared/runtime/problem-error'
import type { BrokerMemory } from './broker-memory'
import { strikeService, type ServiceDoor, type ServiceStruck } from './service-faults'
import type { TrialPlan } from './trial-record'

/** Whom faults can befall. */
export interface FaultDoors {
  readonly producer: ServiceDoor
  readonly consumer: ServiceDoor
  /** Undefined where the broker belongs to somebody else, too. */
  readonly memory: BrokerMemory | undefined
}

/** Makes the fault of a plan happen. Rejects with a problem where it did not. */
export function strike(plan: TrialPlan, doors: FaultDoors): Promise<ServiceStruck> {
  const { fault, target, type, body, copies } = plan
  if (target === 'broker') return block(plan, doors)
  return strikeService(doors[target], fault, { type, body, copies })
}

async function block({ holdMs }: TrialPlan, { memory }: FaultDoors): Promise<ServiceStruck> {
  if (memory === undefined) throw new ProblemError('fault-unavailable', 'the broker is not of this system alone')
  await memory.block(holdMs).catch((error: Error) => {
    throw new ProblemError('fault-unavailable', error.message, { cause: error })
  })
  return { detail: `the broker takes no publishes for ${holdMs / 1_000} s, as if its memory were full` }
}
