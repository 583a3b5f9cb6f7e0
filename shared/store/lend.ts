import type { Transaction } from './store'

/**
 * Runs `work` on the transaction and takes it back afterwards: a statement sent later is refused instead of landing in
 * somebody else's transaction. A statement that failed dooms the whole, even when `work` swallowed its error, because
 * PostgreSQL would turn the commit into a silent rollback. Statements that `work` did not await are waited for.
 */
export async function lend(transaction: Transaction, work: (transaction: Transaction) => Promise<void>): Promise<void> {
  const loan = new Loan()
  try {
    await work({
      run: (sql, params) => loan.statement(() => transaction.run(sql, params)),
      query: (sql, params) => loan.statement(() => transaction.query(sql, params)),
    })
  } finally {
    await loan.end()
  }
  loan.check()
}

class Loan {
  readonly #failures: unknown[] = []
  #state: 'open' | 'over' = 'open'
  #last: Promise<unknown> = Promise.resolve()

  /** One after the other, also when the caller did not await: a connection has one conversation. */
  statement<T>(run: () => Promise<T>): Promise<T> {
    if (this.#state === 'over')
      return Promise.reject(new Error('This transaction is over: await every statement before the handler returns'))
    const running = this.#last.then(() => this.#unlessDoomed(run))
    // Handled here as well, so that a handler which forgot its await cannot end the process: check() reports it.
    this.#last = running.catch((error: unknown) => this.#failures.push(error))
    return running
  }

  async end(): Promise<void> {
    await this.#last
    this.#state = 'over'
  }

  check(): void {
    if (this.#failures.length > 0) throw this.#failures[0]
  }

  #unlessDoomed<T>(run: () => Promise<T>): Promise<T> {
    this.check()
    return run()
  }
}
