import type { PoolClient } from 'pg'

/** What pg writes to; not public. */
interface Wire {
  readonly connection: { readonly stream: { cork(): void; uncork(): void } }
}

/** Lets what `send` sends before its first wait go in one packet: pg makes a packet, and a system call, of each statement. */
export function sentTogether<T>(client: PoolClient, send: () => T): T {
  const { stream } = (client as unknown as Wire).connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}
