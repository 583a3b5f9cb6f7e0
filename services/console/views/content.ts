/** What the console knows of what a message carried. */
export type ContentView = KnownContent | { readonly state: 'unknown'; readonly because: string }

export interface KnownContent {
  /** `left out`: the journal did not take the data. */
  readonly state: 'kept' | 'left out'
  /** RFC 3339. */
  readonly time?: string
  readonly contentType?: string
  /** Extension attributes of the CloudEvent. */
  readonly attributes: Readonly<Record<string, string>>
  /** Of the data as it was sent. */
  readonly bytes: number
  /** The data; missing where it was left out. */
  readonly text?: string
  /** RFC 6901 pointers to what the journal did not take. */
  readonly redacted: readonly string[]
  /** Why it was left out. */
  readonly because?: string
  /** What the schema of its type, as it is now, finds wrong with what is there. */
  readonly findings: readonly { readonly pointer: string; readonly detail: string }[]
}
