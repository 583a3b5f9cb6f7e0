import type { Group } from '../messages/group'
import { SettingsError } from '../runtime/settings-error'
import { mistakesIn } from './check-expression'
import { CompiledRule, RuleError, type Asked, type RuleAnswer } from './compiled-rule'
import { valuesFor } from './event-values'
import type { Fields } from './fields'
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

  /**
   * Whether the group takes it: always, where no rule is about its type, and else when one says yes. Throws a `RuleError`
   * when none does and one of them cannot be asked.
   */
  accepts(group: string, event: RoutedEvent): boolean {
    const rules = this.#rulesFor(group, event.type)
    if (rules.length === 0) return true
    const asked = askedOf(rules, event)
    let trouble: RuleError | undefined
    for (const rule of rules) {
      const answer = answered(() => rule.accepts(asked))
      if (answer === true) return true
      if (answer instanceof RuleError) trouble ??= answer
    }
    if (trouble !== undefined) throw trouble
    return false
  }

  /** As {@link accepts}, with the reasons; asked no further than the first rule that says yes. */
  explain(group: string, event: RoutedEvent): GroupAnswer {
    const rules = this.#rulesFor(group, event.type)
    if (rules.length === 0) return { verdict: 'takes', by: undefined }
    const asked = askedOf(rules, event)
    const answers: RuleAnswer[] = []
    let trouble: RuleError | undefined
    for (const rule of rules) {
      const answer = answered(() => rule.explain(asked))
      if (answer instanceof RuleError) trouble ??= answer
      else if (answer.says === 'yes') return { verdict: 'takes', by: answer }
      else answers.push(answer)
    }
    return trouble === undefined
      ? { verdict: 'filters', rules: answers }
      : { verdict: 'parks', because: trouble.message }
  }

  #rulesFor(group: string, type: string): readonly CompiledRule[] {
    return (this.#rules.get(group) ?? []).filter((rule) => rule.typeNamed(type) !== undefined)
  }
}

function askedOf([rule]: readonly CompiledRule[], event: RoutedEvent): Asked {
  let values: Fields | undefined
  return { event, values: () => (values ??= valuesFor(rule?.typeNamed(event.type) ?? { schema: {} }, event)) }
}

function answered<T>(ask: () => T): T | RuleError {
  try {
    return ask()
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
