import type { Reply } from '../../../shared/messaging/reply-line'
import { endingOf, type Ending } from './ending'

/** A message whose caller wants to wait for what becomes of it. */
export interface AskedMessage {
  readonly id: string
  readonly source: string
  readonly type: string
}

/** Of one request: collects the replies to its message until they come to an ending, or something else ends it. */
export class Wait {
  readonly seconds: number
  /** What the message has to carry. */
  readonly extensions: Readonly<Record<string, string>>
  readonly ended: Promise<Ending>
  /** May be called twice; the first ending stays. */
  readonly end: (ending: Ending) => void
  readonly #message: AskedMessage
  #groups: readonly string[]
  readonly #replies = new Map<string, Reply>()

  constructor(
    message: AskedMessage,
    { seconds, extensions, groups }: Pick<Wait, 'seconds' | 'extensions'> & { readonly groups: readonly string[] },
  ) {
    this.#message = message
    this.#groups = groups
    this.seconds = seconds
    this.extensions = extensions
    const { promise, resolve } = Promise.withResolvers<Ending>()
    this.ended = promise
    this.end = resolve
  }

  /** No group gets the message, so that nothing can come back. */
  get isForNobody(): boolean {
    return this.#groups.length === 0
  }

  /** From now on these groups are waited for; none ends it. */
  expect(groups: readonly string[]): void {
    this.#groups = groups
    if (this.isForNobody) this.end({ kind: 'untold', why: 'nobody' })
    else this.#endIfTold()
  }

  /** Of each group the first counts: what comes later is about a replay. */
  hear(reply: Reply): void {
    const { id, source } = this.#message
    if (reply.id !== id || reply.source !== source || !this.#groups.includes(reply.group)) return
    if (!this.#replies.has(reply.group)) this.#replies.set(reply.group, reply)
    this.#endIfTold()
  }

  #endIfTold(): void {
    const ending = endingOf(this.#groups, this.#replies)
    if (ending !== undefined) this.end(ending)
  }
}
