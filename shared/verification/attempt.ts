/** What the client saw of one request: enough to judge the services by, and written by nobody but the client. */
export interface Attempt {
  /** What the message is about, the same in each attempt to send it; also the Idempotency-Key. */
  readonly subject: string
  readonly bodyHash: string
  /** Hashes of what each group's effect must say. */
  readonly expected: Readonly<Record<string, string>>
  /** The status, or that the connection broke before there was one. */
  readonly status: number | 'no answer'
  readonly outcome?: string
  readonly id?: string
  readonly sentAt: string
  readonly answeredAt: string
}
