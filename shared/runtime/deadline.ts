import { afterReading } from './after-reading'

/** Something took longer than it may; what it was doing may still end well. */
export class DeadlineExceeded extends Error {
  readonly code = 'DEADLINE_EXCEEDED'
  override readonly name = 'DeadlineExceeded'
}

/** Settles as the promise does, or rejects with {@link DeadlineExceeded} naming `what` after `ms` milliseconds. */
export function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = afterReading(ms, () => reject(new DeadlineExceeded(`${what} took longer than ${ms} ms`)))
    promise.then(resolve, reject).finally(cancel)
  })
}
