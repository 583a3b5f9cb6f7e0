import { delaysOf, type Group } from '../messages/group'
import { contentTypeOf } from '../messages/message'
import type { GroupTopology } from '../messaging/transport'

/** The groups as a transport declares them; producer and consumer must hand over the same list. */
export function groupTopologies(groups: readonly Group[]): readonly GroupTopology[] {
  return groups.map((group) => ({
    name: group.name,
    version: group.version,
    routes: group.types.map((type) => ({ type: type.name, kind: type.kind, contentType: contentTypeOf(type) })),
    delaysMs: delaysOf(group),
  }))
}
