import { signal } from '@preact/signals'
import type { AccessView } from '../../views/access'
import { getJson } from './api'

/** What may be done with the key that was given. The server refuses the rest, whatever stands here. */
export const rights = signal<AccessView['rights']>('all')

export function askRights(): void {
  getJson<AccessView>('access').then(
    (access) => {
      rights.value = access.rights
      document.documentElement.dataset['rights'] = access.rights
    },
    // Who has no key is asked for one by whatever else he wants to see.
    () => {},
  )
}
