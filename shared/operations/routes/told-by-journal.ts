import type { RouteRule } from '../../routing/routes/route-rule'
import type { RouteSet } from '../../routing/routes/route-set'

/** What the journal holds of an event. It keeps no data and no extensions. */
const held: readonly string[] = ['id', 'source', 'type']

type Rules = Pick<RouteSet, 'rules'>

/** Whether two sets of rules can be compared about events of a type by what the journal holds of them. */
export function canBeTold(type: string, before: Rules, after: Rules): boolean {
  const [one, other] = [about(type, before), about(type, after)]
  // The same rules come to the same, whatever they read.
  return JSON.stringify(one) === JSON.stringify(other) || ![...one, ...other].some(readsMore)
}

type RuleAbout = Omit<RouteRule, 'types'>

function about(type: string, { rules }: Rules): readonly RuleAbout[] {
  return rules.flatMap(({ types, ...rest }) => (types.some(({ name }) => name === type) ? [rest] : []))
}

// What a message says of its time, its key and its priority itself goes before what a rule gives it.
function readsMore({ when, does: { delaySeconds, key, priority }, attributes }: RuleAbout): boolean {
  const others = Object.keys(attributes).filter((name) => !held.includes(name))
  return [when, delaySeconds, key, priority].some((each) => each !== undefined) || others.length > 0
}
