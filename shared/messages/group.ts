import type { MessageType } from './message'

/** A set of handlers that share one work queue; each copy of the consumer that runs the group competes for it. */
export interface Group {
  readonly name: string
  readonly types: readonly MessageType[]
  /**
   * The version of its queues, at the end of their names. A queue's arguments cannot be changed, so that other ones need
   * the next version: docs/how-to/change-the-topology.md.
   */
  readonly version: number
}

export interface GroupOptions {
  /** Default 1. */
  readonly version?: number
}

/** Throws when the name does not fit into a queue's name, no type is given, or the version is no number to count with. */
export function group(name: string, types: readonly MessageType[], { version = 1 }: GroupOptions = {}): Group {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    throw new Error(`group "${name}": use lower-case letters, digits and hyphens, such as "ledger"`)
  if (types.length === 0) throw new Error(`group "${name}" takes no message type; name at least one`)
  if (!Number.isSafeInteger(version) || version < 1)
    throw new Error(`group "${name}" has the version ${version}; use 1, 2 and so on`)
  return Object.freeze({ name, types, version })
}

/** The group's delay tiers in milliseconds: the union of its messages' delays, shortest first. */
export function delaysOf({ types }: Group): readonly number[] {
  return [...new Set(types.flatMap((type) => type.delivery.delaysMs))].sort((a, b) => a - b)
}

/**
 * Checks the promises that hold between catalogue and groups: a type in a group is in the catalogue, a command has
 * exactly one group, no group's name appears twice. Answers with one sentence per breach; empty means sound.
 */
export function breaches(catalogue: readonly MessageType[], groups: readonly Group[]): readonly string[] {
  const known = new Set(catalogue)
  const names = groups.map(({ name }) => name)
  return [
    ...catalogue
      .filter((type, index) => catalogue.findIndex(({ name }) => name === type.name) !== index)
      .map((type) => `message type "${type.name}" stands twice in catalogue.ts`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `group "${name}" stands twice in groups.ts`),
    ...groups.flatMap(({ name, types }) =>
      types
        .filter((type) => !known.has(type))
        .map((type) => `group "${name}" takes "${type.name}", which is missing from catalogue.ts`),
    ),
    ...catalogue.filter(({ kind }) => kind === 'command').flatMap((type) => commandBreach(type, groups)),
  ]
}

function commandBreach(type: MessageType, groups: readonly Group[]): string[] {
  const takers = groups.filter(({ types }) => types.includes(type)).map(({ name }) => name)
  if (takers.length === 1) return []
  const found = takers.length === 0 ? 'no group takes it' : `${takers.join(' and ')} take it`
  return [`command "${type.name}" needs exactly one group in groups.ts, but ${found}`]
}
