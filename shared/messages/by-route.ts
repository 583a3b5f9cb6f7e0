import type { MessageType } from './message'

/** A type that a group understands and gets by the rules of the routes file alone. */
export interface ByRoute {
  readonly byRoute: MessageType
}

/**
 * For {@link group}: the group has the type, so that rules of the routes file may name it, and nothing brings an event of the
 * type by itself. Throws for a command, whose one group gets it always.
 */
export function byRoute(type: MessageType): ByRoute {
  if (type.kind === 'command')
    throw new Error(`"${type.name}" is a command, which its one group gets always; write it without byRoute`)
  return Object.freeze({ byRoute: type })
}
