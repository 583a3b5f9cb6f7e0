import type { ByRoute } from './by-route'
import type { MessageType } from './message'
import type { Rule } from './rule'

/** A set of handlers that share one work queue; each copy of the consumer that runs the group competes for it. */
export interface Group {
  readonly name: string
  /** All that the broker brings, those of its rules too. */
  readonly types: readonly MessageType[]
  /** Of an event of their types, one of them has to say yes. */
  readonly rules: readonly Rule[]
  /** Those of its types that it gets by the rules of the routes file alone. */
  readonly byRoute: readonly MessageType[]
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

type Takes = MessageType | Rule | ByRoute

/**
 * A group and what it takes: message types as a whole, what rules say of others, and what comes {@link byRoute}. Throws when
 * the name does not fit into a queue's name, nothing is taken, a rule decides nothing, a type that comes anyway is to come by
 * route, or the version is no number to count with.
 */
export function group(name: string, takes: readonly Takes[], { version = 1 }: GroupOptions = {}): Group {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    throw new Error(`group "${name}": use lower-case letters, digits and hyphens, such as "ledger"`)
  if (takes.length === 0) throw new Error(`group "${name}" takes no message type; name at least one`)
  if (!Number.isSafeInteger(version) || version < 1)
    throw new Error(`group "${name}" has the version ${version}; use 1, 2 and so on`)
  const rules = takes.filter(isRule)
  const whole = takes.filter(isType)
  refuseIdle(name, rules, whole)
  const bound = new Set([...whole, ...rules.flatMap((each) => each.types)])
  const byRoute = [...new Set(takes.filter(isByRoute).map((each) => each.byRoute))]
  const twice = byRoute.find((type) => bound.has(type))
  if (twice !== undefined)
    throw new Error(`group "${name}" takes "${twice.name}" by itself and by route; leave one of them out`)
  return Object.freeze({ name, types: [...bound, ...byRoute], rules, byRoute, version })
}

function isRule(each: Takes): each is Rule {
  return 'types' in each
}

function isByRoute(each: Takes): each is ByRoute {
  return 'byRoute' in each
}

function isType(each: Takes): each is MessageType {
  return !isRule(each) && !isByRoute(each)
}

function refuseIdle(name: string, rules: readonly Rule[], whole: readonly MessageType[]): void {
  const doubled = rules.find((rule, at) => rules.findIndex((each) => each.name === rule.name) !== at)
  if (doubled !== undefined)
    throw new Error(`group "${name}" has two rules named "${doubled.name}"; an explanation could not tell them apart`)
  for (const rule of rules)
    for (const type of rule.types)
      if (whole.includes(type))
        throw new Error(
          `group "${name}" takes every "${type.name}", so that its rule "${rule.name}" decides nothing; leave one of them out`,
        )
}

/** Every type that somebody may speak of: those of the catalogue, and what only the groups know. */
export function typesIn(catalogue: readonly MessageType[], groups: readonly Group[]): readonly MessageType[] {
  const types = [...catalogue, ...groups.flatMap((each) => each.types)]
  return [...new Map(types.map((type) => [type.name, type])).values()]
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
    ...groups.flatMap(partitionBreach),
    ...catalogue.filter(({ kind }) => kind === 'command').flatMap((type) => commandBreach(type, groups)),
  ]
}

/** A key's messages of two types keep their order in a group only where both lead into the same queue. */
function partitionBreach({ name, types }: Group): string[] {
  const ordered = types.filter(({ partitions }) => partitions > 0)
  if (new Set(ordered.map(({ partitions }) => partitions)).size < 2) return []
  const told = ordered.map((type) => `"${type.name}" ${type.partitions}`).join(', ')
  return [`group "${name}" takes types with different numbers of partitions (${told}); give them the same`]
}

function commandBreach(type: MessageType, groups: readonly Group[]): string[] {
  const takers = groups.filter(({ types }) => types.includes(type)).map(({ name }) => name)
  if (takers.length === 1) return []
  const found = takers.length === 0 ? 'no group takes it' : `${takers.join(' and ')} take it`
  return [`command "${type.name}" needs exactly one group in groups.ts, but ${found}`]
}
