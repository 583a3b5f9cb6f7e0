import { orderingKeyOf } from '../../messaging/partition'
import { priorityName } from '../../messaging/priority'
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
  /** From 0 to 9. Undefined also for a message that keeps its order: it overtakes nothing. */
  readonly priority: number | undefined
  /** What took effect, in the order of the rules. */
  readonly acts: readonly Act[]
  /**
   * Rules that could not be asked, and so had no part in it; those whose delay would reach the message's expiry; and one whose
   * priority is not for a message that keeps its order.
   */
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
 * add up, the first `delay`, the first `key` and the first `priority` win, and before them what the message itself says.
 * Nothing is left of the others where the event is dropped. A rule that cannot be asked leaves the message as it is without
 * it, and so do a delay from `nowMs` that would reach the message's expiry, and a priority of what keeps its order, by its own
 * key or that of a rule.
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

interface GivenPriority {
  readonly rule: string
  readonly priority: number
  /** Whether messages of the type are kept in order where they have a key. */
  readonly typeKeepsOrder: boolean
}

function inOrder({ rule }: GivenPriority): Trouble {
  return { rule, because: `rule "${rule}" gives it no priority: it keeps its order by its key, and overtakes nothing` }
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
  #priority: GivenPriority | undefined

  constructor(event: RoutedEvent, nowMs: number) {
    this.#event = event
    this.#nowMs = nowMs
  }

  take(rule: CompiledRoute, key: string | undefined): void {
    this.#takePlaces(rule)
    this.#takeFacts(rule, key)
  }

  #takePlaces({ name, does: { route, copy = [], drop } }: CompiledRoute): void {
    const isOpen = this.#only === undefined && this.#droppedBy === undefined
    if (drop === true && isOpen) this.#droppedBy = name
    if (route !== undefined && isOpen) {
      this.#only = route
      this.#note(name, 'route')
    }
    if (copy.length > 0) this.#note(name, 'copy')
    for (const group of copy) this.#copies.add(group)
  }

  /** What travels with the message. */
  #takeFacts(rule: CompiledRoute, key: string | undefined): void {
    const { name } = rule
    const { delaySeconds, priority } = rule.does
    if (delaySeconds !== undefined && this.#delaySeconds === undefined && !this.#says(timeNames.due)) {
      if (this.#delay(name, delaySeconds)) this.#note(name, 'delay')
    }
    if (key !== undefined && this.#key === undefined && !this.#says('partitionkey')) {
      this.#key = key
      this.#note(name, 'key')
    }
    if (priority !== undefined && this.#priority === undefined && !this.#says(priorityName)) {
      this.#priority = { rule: name, priority, typeKeepsOrder: rule.keepsOrder(this.#event) }
      this.#note(name, 'priority')
    }
  }

  result(): RouteDecision {
    const { troubles } = this
    const droppedBy = this.#droppedBy
    if (droppedBy !== undefined) {
      const acts = [{ rule: droppedBy, action: 'drop' }] as const
      const nothing = { groups: undefined, delaySeconds: undefined, key: undefined, priority: undefined }
      return { ...nothing, droppedBy, acts, troubles }
    }
    const inVain = this.#isInOrder() ? this.#priority : undefined
    return {
      groups: this.#groups(),
      droppedBy,
      delaySeconds: this.#delaySeconds,
      key: this.#key,
      priority: inVain === undefined ? this.#priority?.priority : undefined,
      acts: inVain === undefined ? this.#acts : this.#acts.filter(({ action }) => action !== 'priority'),
      troubles: inVain === undefined ? troubles : [...troubles, inOrder(inVain)],
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

  /** Known when all rules were asked: the key may come from a later one than the priority. */
  #isInOrder(): boolean {
    const extensions = { ...this.#event.extensions, ...(this.#key !== undefined && { partitionkey: this.#key }) }
    return this.#priority?.typeKeepsOrder === true && orderingKeyOf({ extensions }) !== undefined
  }

  #note(rule: string, action: Action): void {
    this.#acts.push({ rule, action })
  }

  #groups(): RouteDecision['groups'] {
    if (this.#only !== undefined) return { only: [...new Set([...this.#only, ...this.#copies])] }
    return this.#copies.size === 0 ? undefined : { also: [...this.#copies] }
  }

  #says(extension: string): boolean {
    return Object.hasOwn(this.#event.extensions, extension)
  }
}
