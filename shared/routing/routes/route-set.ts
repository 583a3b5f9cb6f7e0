import { createHash } from 'node:crypto'
import type { MessageType } from '../../messages/message'
import { RuleError, type Asked, type RuleAnswer } from '../compiled-rule'
import { valuesFor } from '../event-values'
import type { Fields } from '../fields'
import type { RoutedEvent } from '../routed-event'
import { CompiledRoute } from './compiled-route'
import { decide, type RouteDecision } from './decision'
import type { RouteRule } from './route-rule'

/** What one rule says of a message. */
export interface RouteAnswer {
  readonly rule: string
  readonly says: RuleAnswer['says'] | 'cannot be asked'
  readonly conditions: RuleAnswer['conditions']
  /** Why it cannot be asked. */
  readonly because?: string
}

/** Rules of one reading of the file, ready to be asked; never changed, so that a reload is the swap of one for another. */
export class RouteSet {
  readonly rules: readonly RouteRule[]
  /** What was read. */
  readonly text: string
  /** Of what was read: 12 hex digits, the same for the same text. */
  readonly hash: string
  readonly #byType = new Map<string, readonly CompiledRoute[]>()

  constructor(rules: readonly RouteRule[], text: string) {
    this.rules = rules
    this.text = text
    this.hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
    const compiled = rules.map((rule) => new CompiledRoute(rule))
    const types = new Set(rules.flatMap((rule) => rule.types.map(({ name }) => name)))
    for (const type of types)
      this.#byType.set(
        type,
        compiled.filter(({ conditions }) => conditions.typeNamed(type) !== undefined),
      )
  }

  /** The type, where a rule is about it. */
  typeNamed(name: string): MessageType | undefined {
    return this.#byType.get(name)?.[0]?.conditions.typeNamed(name)
  }

  /** Whether a rule about this type reads the data: without one the data need not be decoded. */
  readsData(type: string): boolean {
    return this.#byType.get(type)?.some(({ readsData }) => readsData) ?? false
  }

  /** For a message that is published at `nowMs`, in milliseconds since 1970. */
  decide(event: RoutedEvent, nowMs: number): RouteDecision {
    return decide(this.#byType.get(event.type) ?? [], this.#asked(event), nowMs)
  }

  /** What each rule about its type says of it, whether or not it decides anything. */
  answers(event: RoutedEvent): readonly RouteAnswer[] {
    const asked = this.#asked(event)
    return (this.#byType.get(event.type) ?? []).map((rule) => answerOf(rule, asked))
  }

  #asked(event: RoutedEvent): Asked {
    let values: Fields | undefined
    const type = this.typeNamed(event.type) ?? { schema: {} }
    return { event, values: () => (values ??= valuesFor(type, event)) }
  }
}

function answerOf(rule: CompiledRoute, asked: Asked): RouteAnswer {
  try {
    const answer = rule.conditions.explain(asked)
    if (answer.says === 'yes') rule.keyFor(asked)
    return answer
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { rule: rule.name, says: 'cannot be asked', conditions: [], because: error.message }
  }
}

/** What holds where there is no file. */
export const noRoutes = new RouteSet([], '')
