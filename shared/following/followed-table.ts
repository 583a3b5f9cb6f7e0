/** A table, and the type of message that tells of its changes. */
export interface FollowedTable {
  readonly schema: string
  readonly table: string
  readonly messageType: string
}

/** Reads `public.orders:orders.changed`; what was given has that form. */
export function parseFollowed(text: string): FollowedTable {
  const [place = '', messageType = ''] = text.split(':')
  const [schema = '', table = ''] = place.split('.')
  return { schema, table, messageType }
}

/** `public.orders`. */
export function fullName({ schema, table }: FollowedTable): string {
  return `${schema}.${table}`
}
