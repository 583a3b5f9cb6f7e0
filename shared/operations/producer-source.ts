/** The `source` of the messages that a producer makes of bare data. */
export function producerSource(namespace: string): string {
  return `/${namespace}/producer`
}
