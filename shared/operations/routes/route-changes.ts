import type { RouteRule } from '../../routing/routes/route-rule'

/** Names of rules. */
export interface RouteChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** They say something else, or stand elsewhere among those that stayed. */
  readonly changed: readonly string[]
}

export function changesBetween(before: readonly RouteRule[], after: readonly RouteRule[]): RouteChanges {
  const [old, fresh] = [textsOf(before), textsOf(after)]
  const stayed = (rules: readonly RouteRule[], other: ReadonlyMap<string, string>) =>
    rules.filter(({ name }) => other.has(name)).map(({ name }) => name)
  const [from, to] = [stayed(before, fresh), stayed(after, old)]
  return {
    added: [...fresh.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !fresh.has(name)),
    changed: to.filter((name, at) => old.get(name) !== fresh.get(name) || from[at] !== name),
  }
}

function textsOf(rules: readonly RouteRule[]): ReadonlyMap<string, string> {
  return new Map(rules.map(({ types, ...rule }) => [rule.name, JSON.stringify([types.map(({ name }) => name), rule])]))
}
