import type { Logger } from '../../../shared/runtime/logger'
import type { ConsumerMetrics } from '../metrics'
import type { CircuitState } from './circuit'
import type { LoadStatus } from './group-load'
import type { LoadChanged } from './load'

export type LoadMetrics = Pick<ConsumerMetrics, 'concurrencyLimit' | 'circuitState' | 'circuitOpened'>

const stateNumber: Readonly<Record<CircuitState, number>> = { closed: 0, 'half open': 1, open: 2 }

/** Tells the log and the metrics of each change. */
export function toldLoad(logger: Logger, metrics: LoadMetrics): LoadChanged {
  const before = new Map<string, CircuitState>()
  return (what, group, status) => {
    metrics.concurrencyLimit.set({ group }, status.limit)
    metrics.circuitState.set({ group }, stateNumber[status.circuit])
    const last = before.get(group) ?? 'closed'
    before.set(group, status.circuit)
    if (what === 'limit') return tellLimit(logger, group, status)
    if (last === 'closed') metrics.circuitOpened.inc({ group })
    tellCircuit(logger, group, status, last)
  }
}

function tellLimit(logger: Logger, group: string, { limit, ceiling, strain }: LoadStatus): void {
  logger.debug({ group, limit, ceiling, strain }, 'so many handlers may run at once')
}

function tellCircuit(logger: Logger, group: string, status: LoadStatus, last: CircuitState): void {
  const { circuit, failures, nextTrialInMs } = status
  if (circuit === 'closed') return logger.info({ group }, 'circuit closed: its dependency is back, slow start')
  if (circuit === 'half open') return logger.info({ group }, 'circuit half open: one message is tried')
  const fields = { group, failed: failures.runs, error: failures.lastError, nextTrialInMs: Math.round(nextTrialInMs) }
  logger.warn(fields, last === 'closed' ? 'circuit open: the group is paused' : 'circuit open again')
}
