import type { Group } from '../messages/group'
import { SettingsError } from '../runtime/settings-error'
import { mistakesIn } from './check-expression'
import { CompiledRule, RuleError, type RuleAnswer } from './compiled-rule'
import type { RoutedEvent } from './routed-event'

/**
 * What becomes of an event that the broker has brought to a group: one rule takes it, or none, or every event of its type is
 * taken, `by` none. `parks`: a rule cannot be asked about it, which makes it a dead letter.
 */
export type GroupAnswer =
  | { readonly verdict: 'takes'; readonly by: RuleAnswer | undefined }
  | { readonly verdict: 'filters'; readonly rules: readonly RuleAnswer[] }
  | { readonly verdict: 'parks'; readonly because: string }

/** The rules of some groups, checked and ready to be asked. */
export class Routing {
  readonly #rules: ReadonlyMap<string, readonly CompiledRule[]>

  /** Throws a SettingsError with a line for each mistake, which names the rule and its group. */
  constructor(groups: readonly Group[]) {
    const lines = groups.flatMap(mistakesOf)
    if (lines.length > 0) throw new SettingsError(lines)
    this.#rules = new Map(groups.map(({ name, rules }) => [name, rules.map((each) => new CompiledRule(each))]))
  }

  /** Whether the group takes it: always, where no rule is about its type. Throws a `RuleError` when none can be had. */
  accepts(group: string, event: RoutedEvent): boolean {
    const rules = this.#rulesFor(group, event.type)
    return rules.length === 0 || rules.some((rule) => rule.accepts(event))
  }

  /** As {@link accepts}, with the reasons; asked no further than the first rule that says yes. */
  explain(group: string, event: RoutedEvent): GroupAnswer {
    const rules = this.#rulesFor(group, event.type)
    if (rules.length === 0) return { verdict: 'takes', by: undefined }
    const answers: RuleAnswer[] = []
    for (const rule of rules) {
      const answer = askedFor(rule, event)
      if (answer instanceof RuleError) return { verdict: 'parks', because: answer.message }
      if (answer.says === 'yes') return { verdict: 'takes', by: answer }
      answers.push(answer)
    }
    return { verdict: 'filters', rules: answers }
  }

  #rulesFor(group: string, type: string): readonly CompiledRule[] {
    return (this.#rules.get(group) ?? []).filter((rule) => rule.isFor(type))
  }
}

function askedFor(rule: CompiledRule, event: RoutedEvent): RuleAnswer | RuleError {
  try {
    return rule.explain(event)
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
}

function mistakesOf({ name, rules }: Group): readonly string[] {
  return rules.flatMap(({ name: rule, when, types }) =>
    when === undefined ? [] : mistakesIn(when, types).map((mistake) => `rule "${rule}" of group "${name}" ${mistake}`),
  )
}
