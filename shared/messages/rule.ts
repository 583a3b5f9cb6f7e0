import type { MessageType } from './message'
import { fitsTopic } from './topic-pattern'

/** What an attribute has to be: a text stands for exactly that. As in CloudEvents Subscriptions 1.0, section 3.2.4. */
export type AttributeCondition =
  string | { readonly exact: string } | { readonly prefix: string } | { readonly suffix: string }

export interface RuleConditions {
  /** By the CloudEvents name of an attribute or extension: `source`, `subject`, `tenant`. All have to hold. */
  readonly attributes?: Readonly<Record<string, AttributeCondition>>
  /**
   * A CEL expression over `event`, which has `id`, `source`, `type`, `time`, `subject`, `extensions` and the `data`. What it
   * reads and is missing makes it say no, as an unknown does in SQL.
   */
  readonly when?: string
}

/** Which of the events of some types a group takes. */
export interface Rule {
  /** Says in a person's words what it is for; unique in its group. */
  readonly name: string
  readonly types: readonly MessageType[]
  readonly attributes: Readonly<Record<string, AttributeCondition>>
  readonly when: string | undefined
}

const longestName = 100
const attributeName = /^[a-z0-9]{1,64}$/
// They are said in other words, and are not among the attributes that a consumer sees.
const noAttributes = ['data', 'specversion', 'datacontenttype']

/**
 * A rule for {@link group}. The broker decides by the types, the consumer by the conditions. Throws when there is nothing to
 * decide, or a command would be lost by a no; whether `when` fits the types is checked when a service starts.
 */
export function rule(name: string, types: readonly MessageType[], conditions: RuleConditions): Rule {
  const { attributes = {}, when } = conditions
  if (name.trim() === '' || name.length > longestName)
    throw new Error(`rule "${name}": give it a name of 1 to ${longestName} characters, such as "large orders"`)
  if (types.length === 0) throw new Error(`rule "${name}" is for no message type; name at least one`)
  const asked = types.find(({ kind }) => kind === 'command')
  if (asked !== undefined)
    throw new Error(
      `rule "${name}" would filter the command "${asked.name}", which has one group only; name events alone`,
    )
  if (when === undefined && Object.keys(attributes).length === 0)
    throw new Error(`rule "${name}" has neither attributes nor when; name its types in the group without a rule`)
  const wrong = Object.keys(attributes).find((each) => !attributeName.test(each) || noAttributes.includes(each))
  if (wrong !== undefined)
    throw new Error(
      `rule "${name}": "${wrong}" is no attribute's name that a rule can ask for; use lower-case letters and digits`,
    )
  return Object.freeze({ name, types, attributes, when })
}

/**
 * The events whose names fit a topic pattern: `*` is one word, `#` any number of them. A command has one group, which
 * names it. Throws when none fits.
 */
export function matching(pattern: string, catalogue: readonly MessageType[]): readonly MessageType[] {
  const events = catalogue.filter(({ kind }) => kind === 'event')
  const fitting = events.filter(({ name }) => fitsTopic(pattern, name))
  if (fitting.length > 0) return fitting
  const known = events.map(({ name }) => name).join(', ')
  throw new Error(`no event fits the pattern "${pattern}"; there are ${known === '' ? 'no events at all' : known}`)
}
