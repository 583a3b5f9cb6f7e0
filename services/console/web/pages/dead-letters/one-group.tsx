import { useEffect, useRef, useState } from 'preact/hooks'
import type { Choice } from '../../data/letters/choice'
import { exportLetters } from '../../data/letters/export'
import { filterIn, searchOf, type LetterFilter } from '../../data/letters/letter-filter'
import type { Failure, FailureList, LetterList } from '../../data/letters/letters'
import type { Action } from '../../data/letters/move-line'
import { pagingIn, rangeOf } from '../../data/letters/paging'
import { hrefOfGroup } from '../../data/letters/places'
import { useLetters } from '../../data/letters/use-letters'
import { lettersChanged } from '../../data/letters/works'
import type { Loaded } from '../../data/loaded'
import { Banner, ErrorBanner } from '../../parts/banner'
import { Icon } from '../../parts/icon'
import { go, hrefTo, place } from '../../router'
import { Failures } from './failures'
import { ImportFile } from './import-file'
import { goToLetters, Letters } from './letters'
import { ReviewMove } from './review-move'
import { goToWorks, Works } from './works'

/** What is chosen, as long as the letters are shown among which it was. */
interface Chosen {
  readonly among: string
  readonly choice: Choice
}

const nothing: Choice = { by: 'ids', ids: [] }

/** A group: what its letters died of, then the letters. */
export function OneGroup({ group }: { readonly group: string }) {
  const filter = filterIn(place.value.query)
  const paging = pagingIn(place.value.query)
  const path = `dead-letters/${encodeURIComponent(group)}`
  const { signature: _, ...beside } = filter
  const failures = useLetters<FailureList>(`${path}/failures${searchOf(beside)}`)
  const letters = useLetters<LetterList>(`${path}${searchOf(filter, { ...rangeOf(paging) })}`)
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined)
  const [review, setReview] = useState<Action | 'import' | undefined>(undefined)

  const among = (of: LetterFilter) => `${searchOf(of)} ${lettersChanged.value}`
  const choice = chosen?.among === among(filter) ? chosen.choice : nothing
  const choose = (next: Choice) => setChosen({ among: among(filter), choice: next })
  const [seen, list] = [failures.loaded.value, letters.loaded.value]
  const matching = seen.state === 'here' ? matchingOf(seen.value, filter) : undefined
  const diedOf = seen.state === 'here' ? kindOf(seen.value, filter)?.pattern : undefined
  const isPart = [seen, list].some((each) => each.state === 'here' && each.value.seen === 'in part')
  const wasPart = useRef(isPart)
  useEffect(() => {
    // A list that came up to its limit does not say that it was one of a part.
    if (wasPart.current && !isPart) letters.again()
    wasPart.current = isPart
  }, [isPart])
  const again = () => {
    failures.again()
    letters.again()
  }
  const show = (next: LetterFilter, limit = paging.limit) => go(hrefOfGroup(group, next, { limit }))
  const turn = (page: number) => {
    go(hrefOfGroup(group, filter, { ...paging, page }))
    goToLetters()
  }
  const chooseFailure = ({ signature: of, pattern }: Failure) => {
    const next = { ...filter, signature: of }
    show(next)
    setChosen({ among: among(next), choice: { by: 'filter', filter: next, diedOf: pattern } })
  }
  const exportChosen = () => {
    void exportLetters(group, choice, choice.by === 'ids' ? lettersOf(choice.ids, list) : (matching ?? 0))
    goToWorks()
  }
  return (
    <>
      <Head group={group} again={again} bringBack={() => setReview('import')} />
      <Works group={group} />
      {isPart && <Part />}
      <Failures group={group} failures={failures} filter={filter} show={show} choose={chooseFailure} />
      {list.state === 'failed' ? (
        // What both say is said once.
        seen.state !== 'failed' && <ErrorBanner error={list.error} again={letters.again} />
      ) : (
        <Letters
          {...{ group, filter, diedOf, paging, list, matching, choice, choose, show, turn }}
          act={(what) => (what === 'export' ? exportChosen() : setReview(what))}
        />
      )}
      {review === 'import' && <ImportFile group={group} close={() => setReview(undefined)} />}
      {(review === 'replay' || review === 'discard') && (
        <ReviewMove move={{ group, action: review, choice }} close={() => setReview(undefined)} begun={goToWorks} />
      )}
    </>
  )
}

interface HeadProps {
  readonly group: string
  readonly again: () => void
  readonly bringBack: () => void
}

function Head({ group, again, bringBack }: HeadProps) {
  return (
    <header class="page-head">
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefTo(['dead-letters'])}>Dead letters</a>
      </nav>
      <h1>{group}</h1>
      <div class="actions">
        <button type="button" class="button" onClick={again}>
          <Icon name="again" />
          Read again
        </button>
        <button type="button" class="button" onClick={bringBack}>
          Import…
        </button>
      </div>
    </header>
  )
}

function Part() {
  return (
    <Banner tone="wait">
      What is shown is a part: a replay, a discard or somebody else holds letters in this moment. They are read again by
      and by.
    </Banner>
  )
}

/** How many the filter lets through: those without the signature are counted by it. */
function matchingOf(seen: FailureList, filter: LetterFilter): number {
  return filter.signature === undefined ? seen.selected : (kindOf(seen, filter)?.count ?? 0)
}

function kindOf({ failures }: FailureList, filter: LetterFilter): Failure | undefined {
  return failures.find(({ signature }) => signature === filter.signature)
}

/** How many they are, as far as they are shown: copies bear the same id. */
function lettersOf(ids: readonly string[], list: Loaded<LetterList>): number {
  const shown = list.state === 'here' ? list.value.letters.flatMap(({ id }) => id ?? []) : []
  const elsewhere = ids.filter((id) => !shown.includes(id))
  return shown.filter((id) => ids.includes(id)).length + elsewhere.length
}
