import type { Address, TlsFiles } from './address'
import { describeFailure } from './describe-failure'
import { Link, type LinkOptions } from './link'

/** No host of the broker let us in. The message names hosts and reasons, never a password. */
class NotReached extends Error {
  readonly code = 'NOT_REACHED'
  override readonly name = 'NotReached'
}

/**
 * Connects to the first host that lets us in, once, without waiting for one to come back: for a person who is there to
 * read the reason. Rejects with {@link NotReached}, 8 seconds per host at the latest.
 */
export async function reach(
  addresses: readonly Address[],
  name: string,
  tls: TlsFiles,
  options: Pick<LinkOptions, 'headerTables'> = {},
): Promise<Link> {
  const refusals: string[] = []
  for (const address of addresses) {
    try {
      return await Link.open(address, name, tls, options)
    } catch (error) {
      refusals.push(`${address.label} (${describeFailure(error)})`)
    }
  }
  throw new NotReached(
    `the broker cannot be reached at ${refusals.join(', ')}; start it (npm start), or name it with BROKER_URL`,
  )
}
