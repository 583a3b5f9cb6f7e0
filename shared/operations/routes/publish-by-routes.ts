import type { ContentKeeper } from '../../journal/content-keeper'
import { contentPublishing } from '../../journal/content-publishing'
import type { Journal } from '../../journal/journal'
import { journaledPublishing } from '../../journal/journaled-publishing'
import type { Group } from '../../messages/group'
import type { Transport } from '../../messaging/transport'
import { groupTopologies } from '../group-topology'
import { routedPublishing, type RoutedPublishing } from './routed-publishing'

export interface PublishByRoutes extends Pick<RoutedPublishing, 'current' | 'decided' | 'last'> {
  readonly journal: Pick<Journal, 'note' | 'wants' | 'keep'>
  /** Undefined where the journal keeps nothing of what messages carry. */
  readonly contents: ContentKeeper | undefined
  readonly groups: readonly Group[]
}

/** Publishes as the rules of the routes file want it, and tells the journal what came of it. */
export function publishByRoutes(
  transport: Pick<Transport, 'publish'>,
  { groups, ...parts }: PublishByRoutes,
): Pick<Transport, 'publish'> {
  const told = { ...parts, now: Date.now }
  const journaled = journaledPublishing(transport, parts.journal, { ...told, topologies: groupTopologies(groups) })
  return contentPublishing(routedPublishing(journaled, told), parts)
}
