import { isEverything, type LetterFilter } from '../../data/letters/letter-filter'
import type { LetterList } from '../../data/letters/letters'
import { count } from '../../data/format'
import type { Loaded } from '../../data/loaded'
import { Empty } from '../../parts/empty'
import { hrefTo } from '../../router'
import { ChoiceBar, type ChoiceBarProps } from './choice-bar'
import { LetterRows } from './letter-rows'
import { NarrowDown } from './narrow-down'

interface LettersProps extends Omit<ChoiceBarProps, 'letters'> {
  readonly group: string
  readonly limit: string
  readonly list: Loaded<LetterList>
  readonly show: (filter: LetterFilter, limit?: string) => void
}

/** The letters that the filter lets through, and what is done with those that are chosen. */
export function Letters(props: LettersProps) {
  const { group, filter, diedOf, limit, list, choice, choose, show } = props
  const letters = list.state === 'here' ? list.value.letters : []
  return (
    <section class="card flush" aria-labelledby="letters">
      <header>
        <h2 id="letters">Letters</h2>
        <span class="hint">in the order of the queue</span>
      </header>
      <NarrowDown key={JSON.stringify([filter, limit])} {...{ filter, diedOf, limit, show }} />
      {list.state === 'here' && <Extent list={list.value} matching={props.matching} />}
      {letters.length > 0 && <ChoiceBar {...props} letters={letters} />}
      {list.state === 'loading' && <p class="hint inset">Reading…</p>}
      {list.state === 'here' && letters.length === 0 && <None group={group} filter={filter} show={show} />}
      {letters.length > 0 && <LetterRows group={group} letters={letters} choice={choice} choose={choose} />}
    </section>
  )
}

function Extent({ list, matching }: { readonly list: LetterList; readonly matching: number | undefined }) {
  const shown = list.letters.length
  if (matching === undefined || matching <= shown) return null
  return (
    <p class="hint inset">
      The first {count(shown)} of {count(matching)} are shown. Show more of them, or narrow them down.
    </p>
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
