import { timeNames, waitMs } from '../messaging/timing'
import type { Envelope, GroupTopology, PublishOutcome, Route, Transport } from '../messaging/transport'
import type { Journal, NewStep } from './journal'

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
      const groups = route.kind === 'unrouted' ? [] : takersBy(route, takers.get(envelope.type))
      return transport.publish(envelope, route, answerBy).then((result) => {
        if (mayBeThere.has(result.outcome)) journal.note(envelope, { kind: 'published', at })
        if (result.outcome === 'confirmed')
          journal.note(
            envelope,
            confirmedStep(groups, route.kind === 'unrouted' ? undefined : dueLater(envelope, at)),
            last,
          )
        return result
      })
    },
  }
}

/** When a message is due that was published before; undefined for one that was not held up. */
function dueLater(envelope: Envelope, publishedAt: number): string | undefined {
  return waitMs(envelope, publishedAt) > 0 ? envelope.extensions[timeNames.due] : undefined
}

function confirmedStep(groups: readonly string[], until: string | undefined): NewStep {
  if (until !== undefined) return { kind: 'delayed', facts: { until, ...(groups.length > 0 && { groups }) } }
  return groups.length === 0 ? { kind: 'unrouted' } : { kind: 'routed', facts: { groups } }
}

function takersBy({ groups }: Route, bound: readonly string[] = []): readonly string[] {
  if (groups === undefined) return bound
  return 'only' in groups ? groups.only : [...new Set([...bound, ...groups.also])]
}

/** The names of the groups that each type is bound for. */
function takersOf(topologies: readonly GroupTopology[]): ReadonlyMap<string, readonly string[]> {
  const pairs = topologies.flatMap(({ name, routes }) =>
    routes.filter(({ binding }) => binding !== 'none').map(({ type }) => ({ name, type })),
  )
  const byType = Map.groupBy(pairs, ({ type }) => type)
  return new Map([...byType].map(([type, takers]) => [type, takers.map(({ name }) => name)]))
}
