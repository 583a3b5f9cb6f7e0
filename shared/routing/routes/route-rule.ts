import type { MessageType } from '../../messages/message'
import type { AttributeCondition } from '../../messages/rule'

/** A rule of the routes file that fits catalogue and groups. */
export interface RouteRule {
  readonly name: string
  readonly types: readonly MessageType[]
  readonly attributes: Readonly<Record<string, AttributeCondition>>
  readonly when: string | undefined
  readonly does: RouteActions
}

/** At least one of them. */
export interface RouteActions {
  /** Names of groups. */
  readonly route?: readonly string[]
  readonly copy?: readonly string[]
  readonly drop?: true
  readonly delaySeconds?: number
  /** A CEL expression. */
  readonly key?: string
  /** From 0 to 9. */
  readonly priority?: number
}
