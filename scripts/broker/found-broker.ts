/** A broker to work with, and how to let go of it. */
export interface FoundBroker {
  readonly url: string
  /** How it was found, for a person: "RabbitMQ 3.10.8 on 127.0.0.1:5672". */
  readonly how: string
  /** Runs `rabbitmqctl` there: a program and its arguments. Undefined where the broker is not ours alone. */
  readonly ctl?: readonly string[]
  /** Ends what was started for it, and nothing else; may be called twice. Its data stays. */
  stop(): Promise<void>
}

export interface Search {
  readonly env: NodeJS.ProcessEnv
  /** Where a private node keeps its data. */
  readonly directory: string
  /** Tells a person one line. */
  readonly say: (line: string) => void
  /** Asks a person a yes/no question; undefined where no person can answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined
}

/** What one way of finding a broker came to; `why` is half a sentence for a person. */
export type Way = { readonly broker: FoundBroker } | { readonly why: string }
