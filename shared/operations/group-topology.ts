import { delaysOf, type Group } from '../messages/group'
import { contentTypeOf, type MessageType } from '../messages/message'
import type { GroupRoute, GroupTopology } from '../messaging/transport'

/** The groups as a transport declares them; producer and consumer must hand over the same list. */
export function groupTopologies(groups: readonly Group[]): readonly GroupTopology[] {
  return groups.map((group) => ({
    name: group.name,
    version: group.version,
    routes: group.types.map((type) => routeOf(type, group)),
    delaysMs: delaysOf(group),
  }))
}

function routeOf(type: MessageType, { byRoute }: Group): GroupRoute {
  const { name, kind, partitions } = type
  const route = { type: name, kind, contentType: contentTypeOf(type), partitions }
  return byRoute.includes(type) ? { ...route, binding: 'none' } : route
}
