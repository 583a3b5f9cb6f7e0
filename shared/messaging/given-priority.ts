import { priorityFault, priorityName } from './priority'
import type { Envelope } from './transport'

/** A message that somebody gives a priority, as far as it matters to that. */
export interface Prioritized {
  readonly priority: string | undefined
  /** Its ordering key. */
  readonly key: string | undefined
  readonly type: { readonly name: string; readonly partitions: number }
}

/** Why a message is not taken with this priority, in a sentence with the way out; undefined when it is. */
export function refusedPriority({ priority, key, type }: Prioritized): string | undefined {
  if (priority === undefined) return undefined
  const fault = priorityFault(priority)
  if (fault !== undefined || key === undefined || type.partitions === 0) return fault
  return `what keeps its order overtakes nothing, and "${type.name}" is kept in order by its key; send the message without priority, or without key`
}

interface Given extends Pick<Prioritized, 'key' | 'type'> {
  /** From 0 to 9. */
  readonly priority: number | undefined
  readonly extensions: Envelope['extensions']
}

/** The extensions of a message with the priority that code gives it, or has among them. Throws a TypeError when it is not taken. */
export function withPriority({ priority, extensions, key, type }: Given): Envelope['extensions'] {
  const { [priorityName]: own } = extensions
  if (priority !== undefined && own !== undefined)
    throw new TypeError('the message has a priority and another one among its extensions; give one of them')
  const text = priority === undefined ? own : String(priority)
  const refusal = refusedPriority({ priority: text, key, type })
  if (refusal !== undefined) throw new TypeError(`the priority cannot be used: ${refusal}`)
  return priority === undefined ? extensions : { ...extensions, [priorityName]: String(priority) }
}
