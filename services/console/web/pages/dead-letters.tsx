import '../styles/letters.css'
import { useQuietStream } from '../data/quiet'
import { AllGroups } from './dead-letters/all-groups'
import { OneGroup } from './dead-letters/one-group'
import { OneLetter } from './dead-letters/one-letter'

/** `#/dead-letters`, `#/dead-letters/GROUP` and `#/dead-letters/GROUP/ID`. */
export function DeadLetters({ parts: [, group, id] }: { readonly parts: readonly string[] }) {
  useQuietStream()
  if (group === undefined) return <AllGroups />
  if (id === undefined) return <OneGroup key={group} group={group} />
  return <OneLetter key={`${group} ${id}`} group={group} id={id} />
}
