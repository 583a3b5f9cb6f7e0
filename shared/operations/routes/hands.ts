import type { RouteExplanation } from '../explain-route'

/** Where an event goes, as far as a person would see a difference. */
export interface Hands {
  /** Groups that take it, or park it; none where it is dropped, or kept since nobody wants it. */
  readonly groups: readonly string[]
  readonly droppedBy: string | null
  readonly delaySeconds: number | null
  readonly partitionKey: string | null
  readonly priority: number | null
}

export interface ChangeOfHands {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly from: Hands
  readonly to: Hands
}

/** Undefined for an event that goes where it went. */
export function changeOfHands(before: RouteExplanation, after: RouteExplanation): ChangeOfHands | undefined {
  const [from, to] = [handsOf(before), handsOf(after)]
  return JSON.stringify(from) === JSON.stringify(to) ? undefined : { ...before.event, from, to }
}

function handsOf({ groups, droppedBy, delaySeconds, partitionKey, priority }: RouteExplanation): Hands {
  return {
    groups: groups.filter(({ verdict }) => verdict !== 'filters').map(({ name }) => name),
    droppedBy: droppedBy ?? null,
    delaySeconds: delaySeconds ?? null,
    partitionKey: partitionKey ?? null,
    priority: priority ?? null,
  }
}
