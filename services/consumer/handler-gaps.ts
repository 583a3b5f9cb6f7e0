import type { Group } from '../../shared/messages/group'
import type { Handler } from './handler'

/** A type that a group takes and nobody handles. */
export interface Gap {
  readonly group: string
  readonly type: string
}

/** What the groups take but no handler does. A group with a gap is not attached: its messages stay safe in the queue. */
export function missingHandlers(groups: readonly Group[], handlers: readonly Handler[]): readonly Gap[] {
  return groups.flatMap(({ name, types }) =>
    types
      .filter((type) => !handlers.some((handler) => handler.group === name && handler.type === type))
      .map((type) => ({ group: name, type: type.name })),
  )
}

/** Handlers that will never run: their group does not take their type, or another handler stands before them. */
export function idleHandlers(groups: readonly Group[], handlers: readonly Handler[]): readonly string[] {
  const taken = handlers
    .filter(({ group, type }) => !groups.some(({ name, types }) => name === group && types.includes(type)))
    .map(
      ({ group, type }) => `a handler for "${type.name}" in group "${group}", but groups.ts does not give it that type`,
    )
  const doubled = handlers
    .filter(
      ({ group, type }, index) => handlers.findIndex((each) => each.group === group && each.type === type) !== index,
    )
    .map(({ group, type }) => `two handlers for "${type.name}" in group "${group}"; a group handles a type once`)
  return [...taken, ...doubled]
}
