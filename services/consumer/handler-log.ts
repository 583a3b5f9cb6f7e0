import type { Logger } from '../../shared/runtime/logger'
import type { HandlerLogger } from './handler'

/** A handler's logger. The child that bears the message's fields costs more than most handlers, so it is made for the first line. */
export class HandlerLog implements HandlerLogger {
  readonly #parent: Logger
  readonly #fields: () => object
  #child: Logger | undefined

  constructor(parent: Logger, fields: () => object) {
    this.#parent = parent
    this.#fields = fields
  }

  info(fields: object, message: string): void {
    this.#log('info', fields, message)
  }

  warn(fields: object, message: string): void {
    this.#log('warn', fields, message)
  }

  error(fields: object, message: string): void {
    this.#log('error', fields, message)
  }

  #log(level: 'info' | 'warn' | 'error', fields: object, message: string): void {
    if (!this.#parent.isLevelEnabled(level)) return
    this.#child ??= this.#parent.child(this.#fields())
    this.#child[level](fields, message)
  }
}
