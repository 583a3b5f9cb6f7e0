import { afterReading } from '../../runtime/after-reading'

/** The broker did not answer a question in time; its connection is no longer to be trusted. */
class NoAnswer extends Error {
  readonly code = 'NO_ANSWER'
  override readonly name = 'NoAnswer'
}

/**
 * Turns one callback question to the broker into a promise with a deadline: on a blocked or half-open connection
 * amqplib waits for the reply for ever. Rejects with {@link NoAnswer} or with what amqplib said.
 */
export function ask<T>(
  what: string,
  deadlineMs: number,
  question: (done: (error: Error | null | undefined, answer: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(new NoAnswer(`no answer to "${what}" within ${deadlineMs} ms`))
    const cancel = afterReading(deadlineMs, late)
    const done = (error: Error | null | undefined, answer: T) => {
      cancel()
      if (error) reject(error)
      else resolve(answer)
    }
    try {
      question(done)
    } catch (error) {
      done(error as Error, undefined as T)
    }
  })
}
