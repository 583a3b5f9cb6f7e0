import { OperationError } from './operation-error'

/** Ids that no dead letter of the group bears, for all that can be seen. */
export class LettersNotThere extends OperationError {}

export function notThere(ids: readonly string[], group: string): LettersNotThere {
  const named = ids.map((id) => `"${id}"`).join(', ')
  return new LettersNotThere(
    `group ${group} has no dead letter ${named} that nobody else holds; see them with: npx handoff dead list ${group}`,
  )
}
