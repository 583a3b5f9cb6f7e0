import type { Group } from '../../../shared/messages/group'

/** Names of the groups that understand a type. */
export interface Takers {
  /** Those that get each message of the type, unless a rule of the routes file says otherwise. */
  readonly bound: readonly string[]
  /** Those that get one where a rule brings it. */
  readonly byRoute: readonly string[]
}

/** Which of these groups take a type, and how it comes to them. */
export function takersAmong(groups: readonly Group[]): (type: string) => Takers {
  return (type) => {
    const namesOf = (takes: (group: Group) => boolean) => groups.filter(takes).map(({ name }) => name)
    const isByRoute = ({ byRoute }: Group) => byRoute.some(({ name }) => name === type)
    const isTaker = ({ types }: Group) => types.some(({ name }) => name === type)
    return { bound: namesOf((group) => isTaker(group) && !isByRoute(group)), byRoute: namesOf(isByRoute) }
  }
}
