import { keyFault } from '../../messaging/partition'
import { CompiledRule, RuleError, type Asked } from '../compiled-rule'
import { Unknown, valueExpressionOf } from '../expression'
import type { RouteActions, RouteRule } from './route-rule'

const longestKeyBytes = 255

/** A rule of the routes file, ready to be asked many times. */
export class CompiledRoute {
  readonly name: string
  readonly does: RouteActions
  readonly conditions: CompiledRule
  /** Whether the data has to be read for it. */
  readonly readsData: boolean
  readonly #key: ReturnType<typeof valueExpressionOf> | undefined

  constructor({ name, types, attributes, when, does }: RouteRule) {
    this.name = name
    this.does = does
    this.conditions = new CompiledRule({ name, types, attributes, when })
    this.readsData = when !== undefined || does.key !== undefined
    this.#key = does.key === undefined ? undefined : valueExpressionOf(does.key)
  }

  /**
   * The key that it gives a message; undefined where it gives none, or reads what the message has not. Throws a `RuleError`,
   * also for a key that a type which keeps order cannot use: the message would go out without an order.
   */
  keyFor({ event, values }: Asked): string | undefined {
    const value = this.#key === undefined ? undefined : this.#valueOf(this.#key, values)
    if (value === undefined || value instanceof Unknown) return undefined
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint')
      throw new RuleError(`rule "${this.name}" gives no key: it is neither a text nor a number`)
    const text = String(value)
    const fault = this.keepsOrder(event) ? keyFault(text) : undefined
    if (fault !== undefined) throw new RuleError(`rule "${this.name}" gives a key that cannot be used: ${fault}`)
    const bytes = Buffer.byteLength(text)
    if (bytes === 0) return undefined
    if (bytes > longestKeyBytes)
      throw new RuleError(`rule "${this.name}" gives a key of ${bytes} bytes; ${longestKeyBytes} are allowed`)
    return text
  }

  /** Whether messages of its type are kept in order where they have a key. */
  keepsOrder({ type }: Pick<Asked['event'], 'type'>): boolean {
    return (this.conditions.typeNamed(type)?.partitions ?? 0) > 0
  }

  #valueOf(key: ReturnType<typeof valueExpressionOf>, values: Asked['values']): unknown {
    try {
      return key(values())
    } catch (error) {
      throw new RuleError(`rule "${this.name}" gives no key: ${(error as Error).message}`, { cause: error })
    }
  }
}
