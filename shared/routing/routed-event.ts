/** What a rule looks at: an event with its data decoded. */
export interface RoutedEvent {
  readonly id: string
  readonly source: string
  readonly type: string
  /** RFC 3339. */
  readonly time: string | undefined
  readonly extensions: Readonly<Record<string, string>>
  readonly data: unknown
}
