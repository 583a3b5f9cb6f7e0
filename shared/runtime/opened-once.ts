/** Opens something when it is first needed, and once; where that failed, whoever needs it next opens it again. */
export class OpenedOnce<T> {
  readonly #open: () => Promise<T>
  #opened: Promise<T> | undefined

  constructor(open: () => Promise<T>) {
    this.#open = open
  }

  get(): Promise<T> {
    this.#opened ??= this.#attempt()
    return this.#opened
  }

  /** Ends what has been opened, or is being opened. What was never needed is not opened for that. */
  async close(end: (opened: T) => Promise<void>): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    if (opened !== undefined) await end(opened)
  }

  #attempt(): Promise<T> {
    // A turn later, so that what is thrown at once comes after the assignment as well.
    const opened = Promise.resolve().then(this.#open)
    opened.catch(() => (this.#opened = undefined))
    return opened
  }
}
