import { openProducer, type EmbeddedProducer, type EmbedOptions } from '../../services/producer/embedded'

/** The producers of an example within this process, all of which are closed with it. */
export class ExampleProducers {
  readonly #opened: Promise<EmbeddedProducer>[] = []
  #isOver = false

  open(options: EmbedOptions): Promise<EmbeddedProducer> {
    if (this.#isOver) return Promise.reject(new Error('the example is over; no producer is opened any more'))
    const opened = openProducer(options)
    this.#opened.push(opened)
    return opened
  }

  /** Waits for one that is still being opened: it would declare its queues when those of the example are gone. */
  async end(): Promise<void> {
    this.#isOver = true
    for (const end of await Promise.allSettled(this.#opened)) if (end.status === 'fulfilled') await end.value.close()
  }
}
