import type { Group } from '../messages/group'
import type { GroupTopology } from '../messaging/transport'
import { groupTopologies } from './group-topology'
import { OperationError } from './operation-error'

/** The group of this name as a transport sees it; throws an {@link OperationError} that names those there are. */
export function findGroup(name: string, groups: readonly Group[]): GroupTopology {
  const found = groupTopologies(groups).find((group) => group.name === name)
  if (found !== undefined) return found
  throw new OperationError(`there is no group "${name}"; the groups are ${groups.map((each) => each.name).join(', ')}`)
}
