import type { Store, Write } from '../../shared/store/store'
import type { HandlerDatabase, HandlerSqlValue } from './handler'

/** Collects a handler's writes until it returns. Sealed, it takes no more: a handler that ran on after its deadline must not believe it wrote. */
export class UnitOfWork implements HandlerDatabase {
  readonly #writes: Write[] = []
  readonly #store: Pick<Store, 'query'>
  #sealed = false

  constructor(store: Pick<Store, 'query'>) {
    this.#store = store
  }

  run(sql: string, params: readonly HandlerSqlValue[] = []): Promise<void> {
    if (this.#sealed)
      return Promise.reject(new Error('db.run after the handler has ended; await your work in the handler'))
    this.#writes.push({ sql, params })
    return Promise.resolve()
  }

  query(sql: string, params: readonly HandlerSqlValue[] = []) {
    return this.#store.query(sql, params)
  }

  /** Ends the collecting; the writes in the order in which they were made. */
  seal(): readonly Write[] {
    this.#sealed = true
    return this.#writes
  }
}
