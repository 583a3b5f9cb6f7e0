import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { lookAtDeadLetters } from '../../../shared/operations/look-at-dead-letters'
import { notThere } from '../../../shared/operations/not-there'
import type { Selection } from '../../../shared/operations/selection'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { LetterRoutes } from './letter-routes'
import { extentOf } from './list-letters'

export interface DryRun {
  readonly action: 'replay' | 'discard'
  readonly group: GroupTopology
  readonly selection: Selection
  readonly expected: number | undefined
}

const mostTold = 1_000

/** How many are selected, and where each of the first thousand would go: to a queue, or nowhere. Touches nothing. */
export async function dryRun(
  signal: AbortSignal,
  { action, group, selection, expected }: DryRun,
  { desk }: Pick<LetterRoutes, 'desk'>,
): Promise<object> {
  return desk.look(group.name, signal, async (deadLetters, { othersHold }) => {
    const letters: object[] = []
    const ids = new Set<string | undefined>()
    const onLetter = (letter: DeadLetter) => {
      const { id, type, reason } = letter
      const to = action === 'replay' ? deadLetters.replaysTo(group, letter) : null
      if (letters.length < mostTold) letters.push({ id, type, reason, to })
      if (selection.by === 'ids') ids.add(id)
    }
    const seen = await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter, signal })
    const missing = selection.by === 'ids' ? selection.ids.filter((id) => !ids.has(id)) : []
    if (missing.length > 0) throw notThere(missing, group.name)
    await agreesWith(expected, seen.selected)
    const { selected, ready } = seen
    return {
      dryRun: true,
      action,
      group: group.name,
      ready,
      seen: extentOf({ ...seen, othersHold }),
      selected,
      letters,
    }
  })
}

/** Throws a problem when another number is selected than whoever asks has seen. */
export function agreesWith(expected: number | undefined, selected: number): Promise<true> {
  if (expected === undefined || expected === selected) return Promise.resolve(true)
  throw new ProblemError('count-differs', `${selected} dead letters are selected, and ${expected} were expected`, {
    members: { selected, expected },
  })
}
