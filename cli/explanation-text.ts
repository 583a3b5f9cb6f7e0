import type { GroupExplanation, RouteExplanation } from '../shared/operations/explain-route'
import type { RuleAnswer } from '../shared/routing/compiled-rule'
import { plain } from './plain'
import { tableOf } from './table'

const verdicts: Readonly<Record<GroupExplanation['verdict'], string>> = {
  takes: 'takes it',
  filters: 'filters it out',
  parks: 'parks it',
}

/** An explanation for a person to read: the way to the queues, and what each group makes of it and why. */
export function explanationText(explanation: RouteExplanation): readonly string[] {
  const { event, kind, dueAt, exchange, routingKey, alternateExchange, queues, groups } = explanation
  const way =
    alternateExchange === undefined ? exchange : `${exchange}, where nobody wants it, and ${alternateExchange}`
  const taken = new Set(groups.map(({ queue }) => queue))
  const others = queues.filter((queue) => !taken.has(queue))
  return [
    ...tableOf(
      [kind, plain(event.type)],
      [
        ['id', plain(event.id)],
        ['source', plain(event.source)],
        ...(dueAt === undefined ? [] : [['waits', `at the broker until ${plain(dueAt)}`]]),
        ['exchange', way],
        ['key', plain(routingKey)],
        ...(queues.length === 0 ? [['queues', 'none: it would be refused as unroutable']] : []),
        ...others.map((queue) => ['queue', `${queue}, where it is kept`]),
      ],
    ),
    ...groups.flatMap(groupLines),
  ]
}

function groupLines({ name, queue, verdict, because, rules }: GroupExplanation): readonly string[] {
  return ['', `${name} (${queue}) ${verdicts[verdict]}: ${plain(because)}`, ...rules.flatMap(ruleLines)]
}

function ruleLines({ rule, conditions }: RuleAnswer): readonly string[] {
  const rows = conditions.map(({ condition, says, because }) => ['  ', says, plain(condition), plain(because)])
  const [first = [], ...others] = rows
  return [`  rule "${plain(rule)}"`, ...tableOf(first, others)]
}
