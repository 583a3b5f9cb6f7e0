import type { Group } from '../shared/messages/group'
import type { MessageType } from '../shared/messages/message'
import type { Schedule } from '../shared/messages/schedule'
import type { Handler } from '../services/consumer/handler'
import { exampleNamed } from './all'

/** What a process of an example knows, out of its arguments: the example's name, and the names of groups where not all of them. */
export interface KnownDomain {
  readonly groups: readonly Group[]
  readonly handlers: readonly Handler[]
  readonly schedules: readonly Schedule[]
  readonly tables: string
  readonly catalogue: readonly MessageType[]
}

export function knownOf([name, ...only]: readonly string[]): KnownDomain {
  const { groups: all, handlers, schedules = [], tables } = exampleNamed(name)
  const groups = all.filter((group) => only.length === 0 || only.includes(group.name))
  return {
    groups,
    handlers: handlers.filter(({ group }) => groups.some((each) => each.name === group)),
    schedules,
    tables,
    catalogue: [...new Set(groups.flatMap(({ types }) => types))],
  }
}
