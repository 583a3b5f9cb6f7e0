interface Waiting<Q, A> {
  readonly question: Q
  readonly resolve: (answer: Promise<A>) => void
  readonly reject: (error: unknown) => void
}

/** Tells one asker; called when the whole batch is answered, so that it may begin what takes longer than the next batch. */
export type Answer<A> = () => Promise<A>

/** Answers a batch, in its order. A rejection is everyone's. */
export type AnswerBatch<Q, A> = (questions: readonly Q[]) => Promise<readonly Answer<A>[]>

/**
 * Asks many questions at once: what comes in one turn of the event loop, or while a batch is under way, goes together.
 * One batch at a time, so a batch is the larger the longer one takes.
 */
export class Batcher<Q, A> {
  readonly #most: number
  readonly #answer: AnswerBatch<Q, A>
  #waiting: Waiting<Q, A>[] = []
  #isBusy = false

  constructor(most: number, answer: AnswerBatch<Q, A>) {
    this.#most = most
    this.#answer = answer
  }

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#isBusy || this.#waiting.length === 0) return
    this.#isBusy = true
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#most)
    try {
      const answers = await this.#answer(batch.map(({ question }) => question))
      for (const [at, { resolve }] of batch.entries()) resolve((answers[at] as Answer<A>)())
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#isBusy = false
      this.#next()
    }
  }
}
