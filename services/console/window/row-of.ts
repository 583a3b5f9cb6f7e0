import { stateOf } from '../../../shared/journal/state'
import type { Step, StepMessage } from '../../../shared/journal/step'
import type { MessageRow } from '../views/message-row'

/** A message and its steps, of which there is at least one, as a list shows them. */
export function rowOf(number: number, message: StepMessage, steps: readonly Step[]): MessageRow {
  const { state, groups: told } = stateOf(steps)
  // Facts are whatever somebody has told.
  const groups = told.filter(({ name }) => typeof name === 'string')
  const { id, source, type, correlationId, causationId } = message
  const failure = lastFailure(steps)
  let [at, lastAt] = [Infinity, -Infinity]
  for (const step of steps) {
    at = Math.min(at, step.at)
    lastAt = Math.max(lastAt, step.at)
  }
  return {
    ...{ number, id, source, type, state, at, lastAt, groups },
    ...(failure !== undefined && { failure }),
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
  }
}

function lastFailure(steps: readonly Step[]): MessageRow['failure'] {
  const last = steps.findLast(({ kind }) => kind === 'dead' || kind === 'failed')
  if (last === undefined) return undefined
  const { reason, error } = last.facts ?? {}
  return { reason: typeof reason === 'string' ? reason : 'failed', error: typeof error === 'string' ? error : '' }
}
