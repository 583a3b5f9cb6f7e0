import type { MessageType } from '../messages/message'
import type { Rule } from '../messages/rule'
import { attributeOf, attributeQuestion, type AttributeQuestion } from './attribute-question'
import { expressionOf, Trouble, type Answer, type Expression } from './expression'
import type { EventPath } from './event-path'
import type { Fields } from './fields'
import type { RoutedEvent } from './routed-event'

/** What a rule says of an event, and each of its conditions; a rule says yes when all of them do. */
export interface RuleAnswer {
  readonly rule: string
  readonly says: 'yes' | 'no'
  readonly conditions: readonly ConditionAnswer[]
}

export interface ConditionAnswer {
  /** In the words of the rule: `event.data.amountCents >= 100000`. */
  readonly condition: string
  /** `undecided`: it reads something that the event has not, so that the rule says no. */
  readonly says: 'yes' | 'no' | 'undecided'
  /** What it read of the event, as JSON of at most 100 characters, and what was missing. */
  readonly because: string
}

/** A rule could not be asked about an event: it divides by zero, say. */
export class RuleError extends Error {
  readonly code = 'RULE_ERROR'
  override readonly name = 'RuleError'
}

/** An event that rules are asked about. */
export interface Asked {
  readonly event: RoutedEvent
  /** As expressions see it; made once, and only where it is needed. */
  readonly values: () => Fields
}

/** A checked rule, ready to be asked many times. */
export class CompiledRule {
  readonly name: string
  readonly #types: ReadonlyMap<string, MessageType>
  readonly #attributes: readonly AttributeQuestion[]
  readonly #when: Expression | undefined

  constructor({ name, types, attributes, when }: Rule) {
    this.name = name
    this.#types = new Map(types.map((type) => [type.name, type]))
    this.#attributes = Object.entries(attributes).map(([each, condition]) => attributeQuestion(each, condition))
    this.#when = when === undefined ? undefined : expressionOf(when)
  }

  /** The type of this name, where the rule is about it. */
  typeNamed(name: string): MessageType | undefined {
    return this.#types.get(name)
  }

  /** Throws a {@link RuleError}. */
  accepts({ event, values }: Asked): boolean {
    if (this.#attributes.some((question) => question.ask(event) !== 'yes')) return false
    const when = this.#when
    return when === undefined || this.#sure(() => when.ask(values())) === 'yes'
  }

  /** Throws a {@link RuleError} when it would not come to an answer. */
  explain(asked: Asked): RuleAnswer {
    const says = this.accepts(asked) ? 'yes' : 'no'
    return { rule: this.name, says, conditions: [...this.#attributeAnswers(asked), ...this.#whenAnswers(asked)] }
  }

  #attributeAnswers({ event }: Asked): readonly ConditionAnswer[] {
    return this.#attributes.map((question) => {
      const value = attributeOf(event, question.attribute)
      const facts = value === undefined ? [] : [`${question.attribute} is ${shortJson(value)}`]
      return conditionAnswer(question.text, question.ask(event), facts)
    })
  }

  #whenAnswers({ event, values }: Asked): readonly ConditionAnswer[] {
    return (this.#when?.parts ?? []).map((question) => {
      const facts = question.reads.flatMap((path) => factOf(path, event))
      return conditionAnswer(
        question.text,
        answerOrTrouble(() => question.ask(values())),
        facts,
      )
    })
  }

  #sure(ask: () => Answer): Answer {
    try {
      return ask()
    } catch (error) {
      throw new RuleError(`rule "${this.name}" cannot be asked: ${(error as Error).message}`, { cause: error })
    }
  }
}

/** Of several conditions one may say no and another be in trouble: then the whole says no, and the trouble is told. */
function answerOrTrouble(ask: () => Answer): Answer {
  try {
    return ask()
  } catch (error) {
    if (error instanceof Trouble) return { undecided: error.message }
    throw error
  }
}

function conditionAnswer(condition: string, answer: Answer, facts: readonly string[]): ConditionAnswer {
  if (typeof answer === 'string') return { condition, says: answer, because: facts.join(', ') }
  return { condition, says: 'undecided', because: [answer.undecided, ...facts].join(', ') }
}

function factOf({ text, names }: EventPath, event: RoutedEvent): readonly string[] {
  let value: unknown = { ...event, subject: event.extensions['subject'] }
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value === undefined ? [] : [`${text} is ${shortJson(value)}`]
}

const longestFact = 100

function shortJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.length <= longestFact ? json : `${json.slice(0, longestFact - 1)}…`
}
