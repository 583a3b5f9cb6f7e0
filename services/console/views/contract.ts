/** A message type as the console shows it and offers it to be sent. */
export interface ContractView {
  readonly name: string
  readonly kind: 'command' | 'event'
  readonly description: string
  /** JSON Schema of the data. */
  readonly schema: unknown
  readonly contentType: 'text/plain' | 'application/json'
  readonly examples: readonly unknown[]
  /** Those that take it. */
  readonly groups: readonly string[]
  readonly attempts: number
  readonly delaysMs: readonly number[]
  readonly timeLimitMs: number
  readonly acceptance: string
  readonly partitions: number
}
