import { useState } from 'preact/hooks'
import { Refusal } from '../../data/api'
import { exportLetters } from '../../data/letters/export'
import type { WholeLetter } from '../../data/letters/letters'
import type { Action } from '../../data/letters/move-line'
import { hrefOfGroup } from '../../data/letters/places'
import { useLetters } from '../../data/letters/use-letters'
import { Banner, ErrorBanner } from '../../parts/banner'
import { Empty } from '../../parts/empty'
import { Icon } from '../../parts/icon'
import { go, hrefTo } from '../../router'
import { EditLetter } from './edit-letter'
import { ReviewMove } from './review-move'
import { goToWorks, Works } from './works'
import { WholeOne } from './whole-one'

interface OneLetterProps {
  readonly group: string
  readonly id: string
}

/** A dead letter whole, and each other that bears its id. */
export function OneLetter({ group, id }: OneLetterProps) {
  const path = `dead-letters/${encodeURIComponent(group)}/${encodeURIComponent(id)}`
  const asked = useLetters<{ readonly letters: readonly WholeLetter[] }>(path)
  const [review, setReview] = useState<Action | 'edit' | undefined>(undefined)
  const loaded = asked.loaded.value
  const letters = loaded.state === 'here' ? loaded.value.letters : []
  const choice = { by: 'ids', ids: [id] } as const
  const [first] = letters
  const act = (what: Action | 'edit' | 'export') => {
    if (what !== 'export') return setReview(what)
    void exportLetters(group, choice, letters.length)
    goToWorks()
  }
  const close = () => setReview(undefined)
  // It will not be here any more: what becomes of it is told where its like are.
  const begun = () => {
    go(hrefOfGroup(group))
    goToWorks()
  }
  return (
    <>
      <Head {...{ group, id, act }} first={first} />
      <Works group={group} />
      {loaded.state === 'loading' && <p class="hint">Reading…</p>}
      {loaded.state === 'failed' && <NotHere group={group} id={id} error={loaded.error} again={asked.again} />}
      {letters.length > 1 && (
        <Banner tone="wait">
          {letters.length} letters bear this id: copies, or messages of several sources. What is done concerns all of
          them.
        </Banner>
      )}
      {letters.map((letter, at) => (
        <WholeOne
          key={at}
          {...{ group, letter }}
          place={letters.length === 1 ? '' : `, ${at + 1} of ${letters.length}`}
        />
      ))}
      {(review === 'replay' || review === 'discard') && (
        <ReviewMove move={{ group, action: review, choice }} {...{ close, begun }} />
      )}
      {review === 'edit' && first !== undefined && (
        <EditLetter {...{ group, id, close, begun }} letter={first} expected={letters.length} />
      )}
    </>
  )
}

interface HeadProps extends OneLetterProps {
  readonly first: WholeLetter | undefined
  readonly act: (what: Action | 'edit' | 'export') => void
}

function Head({ group, id, first, act }: HeadProps) {
  return (
    <header class="page-head">
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefTo(['dead-letters'])}>Dead letters</a> / <a href={hrefOfGroup(group)}>{group}</a>
      </nav>
      <h1>{first?.type ?? 'Dead letter'}</h1>
      {first !== undefined && (
        <>
          <span class="badge bad">
            <Icon name="dead" />
            {first.reason ?? 'no reason'}
          </span>
          <div class="actions">
            <button type="button" class="changes button main" onClick={() => act('replay')}>
              <Icon name="again" />
              Replay…
            </button>
            <button type="button" class="changes button" onClick={() => act('edit')}>
              Edit and replay…
            </button>
            <button type="button" class="button" onClick={() => act('export')}>
              Export
            </button>
            <button type="button" class="changes button danger" onClick={() => act('discard')}>
              <Icon name="trash" />
              Discard…
            </button>
          </div>
        </>
      )}
      <p class="mono">{id}</p>
    </header>
  )
}

interface NotHereProps extends OneLetterProps {
  readonly error: Error
  readonly again: () => void
}

function NotHere({ group, id, error, again }: NotHereProps) {
  if (!(error instanceof Refusal) || error.status !== 404) return <ErrorBanner error={error} again={again} />
  return (
    <section class="card">
      <Empty icon="check" title="It is not among the dead letters">
        <p>
          No dead letter of {group} bears the id <code>{id}</code>: it was replayed, edited or discarded, or somebody
          holds it in this moment.
        </p>
        <div class="row-flex">
          <a class="button main" href={hrefTo(['messages', id])}>
            Its story
          </a>
          <a class="button" href={hrefOfGroup(group)}>
            The letters of {group}
          </a>
          <button type="button" class="button" onClick={again}>
            Look again
          </button>
        </div>
      </Empty>
    </section>
  )
}
