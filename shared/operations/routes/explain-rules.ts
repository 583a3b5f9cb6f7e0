import type { RouteDecision } from '../../routing/routes/decision'
import type { RouteAnswer, RouteSet } from '../../routing/routes/route-set'
import type { Action } from '../../routing/routes/routes-schema'

/** What a rule of the routes file says of a message, and what of it takes effect. */
export interface RouteRuleExplanation extends RouteAnswer {
  /** Why it cannot be asked, or what of it is left out. */
  readonly because?: string
  /** Empty where it does not match, is not asked, or others have decided before it. */
  readonly does: readonly Action[]
}

/** In the order of the file, those about the message's type. */
export function explainRules(
  answers: readonly RouteAnswer[],
  { acts, troubles }: Pick<RouteDecision, 'acts' | 'troubles'>,
): readonly RouteRuleExplanation[] {
  return answers.map((answer) => {
    const told = troubles.filter(({ rule }) => rule === answer.rule).map(({ because }) => because)
    return {
      ...answer,
      ...(told.length > 0 && { because: told.join('; ') }),
      does: acts.filter(({ rule }) => rule === answer.rule).map(({ action }) => action),
    }
  })
}

/** The rule by which a group gets an event, that of its type apart. */
export function ruleThatNames(
  group: string,
  { acts }: Pick<RouteDecision, 'acts'>,
  { rules }: Pick<RouteSet, 'rules'>,
): string | undefined {
  return acts
    .map(({ rule, action }) => ({ action, rule: rules.find(({ name }) => name === rule) }))
    .find(
      ({ rule, action }) => (action === 'route' || action === 'copy') && rule?.does[action]?.includes(group) === true,
    )?.rule?.name
}
