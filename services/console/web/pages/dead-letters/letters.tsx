import { isEverything, type LetterFilter } from '../../data/letters/letter-filter'
import type { LetterList } from '../../data/letters/letters'
import type { Paging } from '../../data/letters/paging'
import { count } from '../../data/format'
import type { Loaded } from '../../data/loaded'
import { Empty } from '../../parts/empty'
import { hrefTo } from '../../router'
import { ChoiceBar, type ChoiceBarProps } from './choice-bar'
import { LetterRows } from './letter-rows'
import { Pager } from './pager'
import { NarrowDown } from './narrow-down'

interface LettersProps extends Omit<ChoiceBarProps, 'letters'> {
  readonly group: string
  readonly paging: Paging
  readonly list: Loaded<LetterList>
  readonly show: (filter: LetterFilter, limit?: string) => void
  readonly turn: (page: number) => void
}

/** Where the letters begin, for whoever has turned the page at their end. */
export function goToLetters(): void {
  requestAnimationFrame(() => {
    const letters = document.getElementById('letters')
    letters?.scrollIntoView({ block: 'center' })
    // The button that was pressed is gone while the next page is read.
    letters?.focus({ preventScroll: true })
  })
}

/** The letters that the filter lets through, and what is done with those that are chosen. */
export function Letters(props: LettersProps) {
  const { group, filter, diedOf, paging, list, matching, choice, choose, show, turn } = props
  const letters = list.state === 'here' ? list.value.letters : []
  // What is said where there is none is true of every page.
  const isFirst = paging.page === 1 || matching === 0
  const pager = (at: 'top' | 'end') =>
    list.state === 'here' && <Pager {...{ paging, matching, turn, at }} shown={letters.length} />
  return (
    <section class="card flush" aria-labelledby="letters">
      <header>
        <h2 id="letters" tabIndex={-1}>
          Letters
        </h2>
        <span class="hint">in the order of the queue</span>
      </header>
      <NarrowDown key={JSON.stringify([filter, paging.limit])} {...{ filter, diedOf, show, limit: paging.limit }} />
      {pager('top')}
      {letters.length > 0 && <ChoiceBar {...props} letters={letters} />}
      {list.state === 'loading' && <p class="hint inset">Reading…</p>}
      {list.state === 'here' && letters.length === 0 && isFirst && <None group={group} filter={filter} show={show} />}
      {list.state === 'here' && letters.length === 0 && !isFirst && (
        <Empty icon="dead" title={`Page ${count(paging.page)} is empty`}>
          <p>Letters in front of it are gone by now.</p>
          <button type="button" class="button" onClick={() => turn(1)}>
            To the first page
          </button>
        </Empty>
      )}
      {letters.length > 0 && <LetterRows group={group} letters={letters} choice={choice} choose={choose} />}
      {letters.length > 20 && pager('end')}
    </section>
  )
}

function None({ group, filter, show }: Pick<LettersProps, 'group' | 'filter' | 'show'>) {
  if (isEverything(filter))
    return (
      <Empty icon="check" title={`No dead letters of ${group}`}>
        <p>What {group} cannot process for good is parked here, and stays until somebody decides on it.</p>
        <a class="button" href={hrefTo(['timeline'], { filter: `group:${group}` })}>
          Its messages
        </a>
      </Empty>
    )
  return (
    <Empty icon="dead" title="No letter is like that">
      <p>None of the dead letters of {group} passes the filter.</p>
      <button type="button" class="button" onClick={() => show({ where: [] })}>
        Show all
      </button>
    </Empty>
  )
}
