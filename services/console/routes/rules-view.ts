import type { Group } from '../../../shared/messages/group'
import type { MessageType } from '../../../shared/messages/message'
import type { AttributeCondition } from '../../../shared/messages/rule'
import { attributeQuestion } from '../../../shared/routing/attribute-question'
import type { RouteRule } from '../../../shared/routing/routes/route-rule'
import { deedsOf } from './deeds'
import type { GroupRulesView, RouteRuleView, TakenType } from '../views/routes'

/** A rule of the routes file. */
export function routeRuleView({ name, types, does, ...asks }: RouteRule): RouteRuleView {
  return { name, types: types.map((type) => type.name), ...conditionsOf(asks), does: deedsOf(does) }
}

/** What a group takes by itself. */
export function groupRulesView(group: Group): GroupRulesView {
  return { name: group.name, takes: group.types.map((type) => takenType(type, group)) }
}

function takenType(type: MessageType, { byRoute, rules }: Group): TakenType {
  const own = rules.filter(({ types }) => types.includes(type))
  if (byRoute.includes(type)) return { type: type.name, takes: 'by route', rules: [] }
  return {
    type: type.name,
    takes: own.length === 0 ? 'every one' : 'by its rules',
    rules: own.map(({ name, ...asks }) => ({ name, ...conditionsOf(asks) })),
  }
}

interface Asks {
  readonly attributes: Readonly<Record<string, AttributeCondition>>
  readonly when: string | undefined
}

function conditionsOf({ attributes, when }: Asks): Pick<RouteRuleView, 'conditions' | 'when'> {
  const conditions = Object.entries(attributes).map(([name, condition]) => attributeQuestion(name, condition).text)
  return { conditions, ...(when !== undefined && { when }) }
}
