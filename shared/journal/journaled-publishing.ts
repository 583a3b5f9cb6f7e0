import type { GroupTopology, PublishOutcome, Transport } from '../messaging/transport'
import type { Journal } from './journal'

type Publishing = Pick<Transport, 'publish'>

export interface JournaledPublishing {
  readonly topologies: readonly GroupTopology[]
  /** Given where nothing follows the confirm. */
  readonly last?: 'last'
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What was not sent, or came back, is not published. */
const mayBeThere: ReadonlySet<PublishOutcome> = new Set(['confirmed', 'unknown'])

/** Tells the journal of each message that it was published, and where the broker confirmed it. */
export function journaledPublishing(
  transport: Publishing,
  journal: Pick<Journal, 'note'>,
  { topologies, last, now }: JournaledPublishing,
): Publishing {
  const takers = takersOf(topologies)
  return {
    publish: (envelope, route, answerBy) => {
      const at = now()
      const groups = route.kind === 'unrouted' ? undefined : takers.get(envelope.type)
      return transport.publish(envelope, route, answerBy).then((result) => {
        if (mayBeThere.has(result.outcome)) journal.note(envelope, { kind: 'published', at })
        if (result.outcome === 'confirmed')
          journal.note(
            envelope,
            groups === undefined ? { kind: 'unrouted' } : { kind: 'routed', facts: { groups } },
            last,
          )
        return result
      })
    },
  }
}

/** The names of the groups that take each type. */
function takersOf(topologies: readonly GroupTopology[]): ReadonlyMap<string, readonly string[]> {
  const pairs = topologies.flatMap(({ name, routes }) => routes.map(({ type }) => ({ name, type })))
  const byType = Map.groupBy(pairs, ({ type }) => type)
  return new Map([...byType].map(([type, takers]) => [type, takers.map(({ name }) => name)]))
}
