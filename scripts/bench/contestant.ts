/** Something that is measured: how to start it as a process of its own, and what it is fed. */
export interface Contestant {
  readonly name: string
  /** Arguments of Node. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** `said`: it says so over IPC. Else the URL that answers 200 then. */
  readonly ready: 'said' | { readonly url: string }
  /** The queue that it fills or empties. */
  readonly queue: string
  /** Hears whatever else it says over IPC. */
  readonly hear?: (said: unknown) => void
}

export interface Publisher extends Contestant {
  /** Takes JSON by POST and answers 202 once the broker has confirmed. */
  readonly url: string
}

/** A queue that is emptied. */
export interface WorkQueue {
  readonly queue: string
  /** Where what could not be handled is put. */
  readonly deadLetters?: string
}

export interface Consumer extends Contestant, WorkQueue {
  readonly message: (serial: number) => Fill
}

/** A publisher and the consumer of what it publishes. */
export interface Pair {
  readonly name: string
  readonly publisher: Publisher
  readonly consumer: Consumer
}

/** A message as it is put on a consumer's queue. */
export interface Fill {
  readonly body: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** The one that all others are compared with. */
export const yardstick = 'bare amqplib'
