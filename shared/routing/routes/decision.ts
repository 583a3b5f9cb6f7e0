import { expiresAtMs, timeNames } from '../../messaging/timing'
import { RuleError, type Asked } from '../compiled-rule'
import type { RoutedEvent } from '../routed-event'
import type { CompiledRoute } from './compiled-route'
import type { Action } from './routes-schema'

/** What the rules want of one message. */
export interface RouteDecision {
  /** Groups that get the event; undefined leaves it to its type. */
  readonly groups: { readonly only: readonly string[] } | { readonly also: readonly string[] } | undefined
  /** The rule that wants it nowhere. */
  readonly droppedBy: string | undefined
  readonly delaySeconds: number | undefined
  readonly key: string | undefined
  /** What took effect, in the order of the rules. */
  readonly acts: readonly Act[]
  /** Rules that could not be asked, and so had no part in it, and those whose delay would reach the message's expiry. */
  readonly troubles: readonly Trouble[]
}

export interface Act {
  readonly rule: string
  readonly action: Action
}

export interface Trouble {
  readonly rule: string
  readonly because: string
}

/**
 * Asks rules from top to bottom, and each that matches acts: the first `route` or `drop` decides where the event goes, copies
 * add up, the first `delay` and the first `key` win, and before them what the message itself says. Nothing is left of the
 * others where the event is dropped. A rule that cannot be asked leaves the message as it is without it, and so does a delay
 * from `nowMs` that would reach the message's expiry.
 */
export function decide(rules: readonly CompiledRoute[], asked: Asked, nowMs: number): RouteDecision {
  const made = new Decision(asked.event, nowMs)
  for (const rule of rules) {
    try {
      if (rule.conditions.accepts(asked)) made.take(rule, rule.keyFor(asked))
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      made.troubles.push({ rule: rule.name, because: error.message })
    }
  }
  return made.result()
}

class Decision {
  readonly troubles: Trouble[] = []
  readonly #event: RoutedEvent
  readonly #nowMs: number
  readonly #acts: Act[] = []
  readonly #copies = new Set<string>()
  #only: readonly string[] | undefined
  #droppedBy: string | undefined
  #delaySeconds: number | undefined
  #key: string | undefined

  constructor(event: RoutedEvent, nowMs: number) {
    this.#event = event
    this.#nowMs = nowMs
  }

  take({ name, does }: CompiledRoute, key: string | undefined): void {
    const { route, copy = [], drop, delaySeconds } = does
    const isOpen = this.#only === undefined && this.#droppedBy === undefined
    const note = (action: Action) => this.#acts.push({ rule: name, action })
    if (drop === true && isOpen) this.#droppedBy = name
    if (route !== undefined && isOpen) {
      this.#only = route
      note('route')
    }
    if (copy.length > 0) note('copy')
    for (const group of copy) this.#copies.add(group)
    if (delaySeconds !== undefined && this.#delaySeconds === undefined && !this.#says(timeNames.due)) {
      if (this.#delay(name, delaySeconds)) note('delay')
    }
    if (key !== undefined && this.#key === undefined && !this.#says('partitionkey')) {
      this.#key = key
      note('key')
    }
  }

  result(): RouteDecision {
    const { troubles } = this
    const droppedBy = this.#droppedBy
    if (droppedBy !== undefined) {
      const acts = [{ rule: droppedBy, action: 'drop' }] as const
      return { groups: undefined, droppedBy, delaySeconds: undefined, key: undefined, acts, troubles }
    }
    return {
      groups: this.#groups(),
      droppedBy,
      delaySeconds: this.#delaySeconds,
      key: this.#key,
      acts: this.#acts,
      troubles,
    }
  }

  /** Whether it takes effect: a message that expires before it is due would be parked unrun. */
  #delay(rule: string, delaySeconds: number): boolean {
    if (this.#nowMs + delaySeconds * 1_000 < (expiresAtMs(this.#event) ?? Infinity)) {
      this.#delaySeconds = delaySeconds
      return true
    }
    const expiry = this.#event.extensions[timeNames.expiry]
    const because = `rule "${rule}" does not delay it: it would expire at ${expiry}, before it is due in ${delaySeconds} s`
    this.troubles.push({ rule, because })
    return false
  }

  #groups(): RouteDecision['groups'] {
    if (this.#only !== undefined) return { only: [...new Set([...this.#only, ...this.#copies])] }
    return this.#copies.size === 0 ? undefined : { also: [...this.#copies] }
  }

  #says(extension: string): boolean {
    return Object.hasOwn(this.#event.extensions, extension)
  }
}
