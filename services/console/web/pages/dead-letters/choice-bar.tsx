import { count } from '../../data/format'
import type { Choice } from '../../data/letters/choice'
import type { LetterFilter } from '../../data/letters/letter-filter'
import type { Letter } from '../../data/letters/letters'
import type { Action } from '../../data/letters/move-line'
import { Icon } from '../../parts/icon'

export interface ChoiceBarProps {
  readonly filter: LetterFilter
  /** What the filter's signature stands for. */
  readonly diedOf: string | undefined
  /** How many the filter lets through, shown or not; undefined while that is not known. */
  readonly matching: number | undefined
  readonly choice: Choice
  readonly choose: (choice: Choice) => void
  readonly act: (what: Action | 'export') => void
  readonly letters: readonly Letter[]
}

/** How many are chosen, ways to choose many, and what to do with them. */
export function ChoiceBar({ filter, diedOf, matching, choice, choose, act, letters }: ChoiceBarProps) {
  const shown = idsOf(letters)
  const isNone = choice.by === 'ids' && choice.ids.length === 0
  const isTooMany = choice.by === 'ids' && choice.ids.length > mostIds
  const before = choice.by === 'ids' ? choice.ids : []
  return (
    <div class="choice-bar">
      <p aria-live="polite">{inWords(choice, matching)}</p>
      <div class="row-flex">
        <button
          type="button"
          class="button small"
          disabled={shown.length === 0}
          onClick={() => choose({ by: 'ids', ids: [...new Set([...before, ...shown])] })}
        >
          Choose the {count(shown.length)} shown
        </button>
        {matching !== undefined && (
          <button
            type="button"
            class="button small"
            aria-pressed={choice.by === 'filter'}
            onClick={() => choose({ by: 'filter', filter, diedOf })}
          >
            Choose all {count(matching)} that match
          </button>
        )}
        {!isNone && (
          <button type="button" class="button plain small" onClick={() => choose({ by: 'ids', ids: [] })}>
            Choose none
          </button>
        )}
      </div>
      <div class="row-flex end">
        <button type="button" class="button main" disabled={isNone || isTooMany} onClick={() => act('replay')}>
          <Icon name="again" />
          Replay…
        </button>
        <button type="button" class="button" disabled={isNone || isTooMany} onClick={() => act('export')}>
          Export
        </button>
        <button type="button" class="button danger" disabled={isNone || isTooMany} onClick={() => act('discard')}>
          <Icon name="trash" />
          Discard…
        </button>
      </div>
    </div>
  )
}

/** What the console takes in one request. */
const mostIds = 1_000

/** Each once: copies of a message bear the same id, and are chosen together. */
function idsOf(letters: readonly Letter[]): readonly string[] {
  return [...new Set(letters.flatMap(({ id }) => (id === undefined ? [] : [id])))]
}

function inWords(choice: Choice, matching: number | undefined): string {
  if (choice.by === 'filter') return `All ${count(matching ?? 0)} that match are chosen, shown or not.`
  if (choice.ids.length === 0) return 'Nothing is chosen yet.'
  const chosen = `${count(choice.ids.length)} chosen.`
  if (choice.ids.length <= mostIds) return chosen
  return `${chosen} At most ${count(mostIds)} can be chosen one by one: choose all that match, and narrow them down before.`
}
