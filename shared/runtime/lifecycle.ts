type Undo = () => Promise<void> | void

/** What a running service consists of, in the order of its start; stopping takes it apart backwards. */
export class Lifecycle {
  readonly #parts: { readonly name: string; readonly undo: Undo }[] = []
  #stopping: Promise<void> | undefined

  /** Whoever starts something pushes its undo; `name` says in an error what could not be stopped. */
  add(name: string, undo: Undo): void {
    this.#parts.push({ name, undo })
  }

  /**
   * Runs each undo once, the last added first, and goes on when one fails. Rejects at the end with an AggregateError
   * of all failures. Every caller gets the same promise.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#takeApart()
    return this.#stopping
  }

  async #takeApart(): Promise<void> {
    const failures: Error[] = []
    // Not a loop over a copy: a start that was under way when the stop came may still add a part.
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.undo()
      } catch (cause) {
        failures.push(new Error(`${part.name} did not stop cleanly`, { cause }))
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `could not stop cleanly: ${failures.map(({ message }) => message).join('; ')}`)
  }
}
