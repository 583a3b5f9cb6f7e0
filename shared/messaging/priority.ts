import { partitionIn } from './partition'
import type { Envelope, GroupTopology, Urgency } from './transport'

/** CloudEvents extension of Handoff's own: one digit, 0 for what may wait to 9 for what is most urgent. */
export const priorityName = 'priority'

/** Those that have queues of their own beside a group's work queue, which has the normal ones. */
export const lanes = ['urgent', 'low'] as const satisfies readonly Urgency[]

export type Lane = (typeof lanes)[number]

/** Of 20 turns while there is work of each. None starves: the lowest has 5 %. */
export const urgencyWeights: Readonly<Record<Urgency, number>> = { urgent: 16, normal: 3, low: 1 }

const digit = /^[0-9]$/
const leastUrgent = 5
const mostLow = 3

/** From 0 to 9; undefined where there is none, or one that cannot be read. */
export function priorityOf({ extensions }: Pick<Envelope, 'extensions'>): number | undefined {
  const text = extensions[priorityName]
  return text !== undefined && digit.test(text) ? Number(text) : undefined
}

/** 5 to 9 are urgent and 0 to 3 low; 4 is as good as none. */
export function urgencyOf(message: Pick<Envelope, 'extensions'>): Urgency {
  const priority = priorityOf(message)
  if (priority === undefined) return 'normal'
  if (priority >= leastUrgent) return 'urgent'
  return priority <= mostLow ? 'low' : 'normal'
}

/** Of a message that a group is to have; undefined where it goes with the normal ones, or by a partition: what keeps its order overtakes nothing. */
export function laneIn(
  group: Pick<GroupTopology, 'routes'>,
  envelope: Pick<Envelope, 'type' | 'extensions'>,
): Lane | undefined {
  const urgency = urgencyOf(envelope)
  return urgency === 'normal' || partitionIn(group, envelope) !== undefined ? undefined : urgency
}

/** Why a text can be no priority, in a sentence; undefined when it can. */
export function priorityFault(text: string): string | undefined {
  return digit.test(text) ? undefined : `"${text}" is no priority; a whole number from 0 to 9 is one`
}
