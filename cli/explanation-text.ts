import type { GroupExplanation, RouteExplanation } from '../shared/operations/explain-route'
import type { RouteRuleExplanation } from '../shared/operations/routes/explain-rules'
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
  const { otherKeys = [], routeRules = [], delaySeconds, partitionKey, priority } = explanation
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
        ['key', plain([routingKey, ...otherKeys].join(', '))],
        ...(partitionKey === undefined ? [] : [['order by', plain(partitionKey)]]),
        ...(delaySeconds === undefined ? [] : [['delay', `${delaySeconds} s`]]),
        ...(priority === undefined ? [] : [['priority', `${priority}`]]),
        ...(queues.length === 0 ? [['queues', `none: ${whyNone(explanation)}`]] : []),
        ...others.map((queue) => ['queue', `${queue}, where it is kept`]),
      ],
    ),
    ...routeRules.flatMap(routeRuleLines),
    ...groups.flatMap(groupLines),
  ]
}

function whyNone({ droppedBy }: RouteExplanation): string {
  return droppedBy === undefined ? 'it would be refused as unroutable' : `the rule "${plain(droppedBy)}" drops it`
}

function routeRuleLines({ rule, says, does, because, conditions }: RouteRuleExplanation): readonly string[] {
  const nothing = says === 'yes' ? 'matches, and others decide before it' : 'does not match'
  const parts = [...(does.length > 0 ? [does.join(', ')] : []), ...(because === undefined ? [] : [because])]
  const told = parts.length > 0 ? parts.join('; ') : nothing
  return ['', `rule "${plain(rule)}" of the routes file: ${plain(told)}`, ...conditionLines(conditions)]
}

function groupLines({ name, queue, verdict, because, rules }: GroupExplanation): readonly string[] {
  return ['', `${name} (${queue}) ${verdicts[verdict]}: ${plain(because)}`, ...rules.flatMap(ruleLines)]
}

function ruleLines({ rule, conditions }: RuleAnswer): readonly string[] {
  return [`  rule "${plain(rule)}"`, ...conditionLines(conditions)]
}

function conditionLines(conditions: RuleAnswer['conditions']): readonly string[] {
  const rows = conditions.map(({ condition, says, because }) => ['  ', says, plain(condition), plain(because)])
  const [first, ...others] = rows
  return first === undefined ? [] : tableOf(first, others)
}
