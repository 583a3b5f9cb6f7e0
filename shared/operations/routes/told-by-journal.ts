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

interface RuleAbout extends Omit<RouteRule, 'types'> {
  /** Of the type; with a key its messages have no priority. */
  readonly partitions: number
}

function about(type: string, { rules }: Rules): readonly RuleAbout[] {
  return rules.flatMap(({ types, ...rest }) =>
    types.filter(({ name }) => name === type).map(({ partitions }) => ({ ...rest, partitions })),
  )
}

function readsMore({ when, does, attributes, partitions }: RuleAbout): boolean {
  const others = Object.keys(attributes).filter((name) => !held.includes(name))
  const readsKey = does.priority !== undefined && partitions > 0
  return when !== undefined || does.key !== undefined || readsKey || others.length > 0
}
