/** What whoever asks may do; `look`: nothing that changes anything. */
export interface AccessView {
  readonly rights: 'all' | 'look'
  /** The name of his key; missing where there are no keys. */
  readonly by?: string
}
