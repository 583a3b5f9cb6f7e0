import { useEffect, useRef } from 'preact/hooks'
import { count, dayAndTime, fullTime, shortId } from '../../data/format'
import type { Choice } from '../../data/letters/choice'
import type { Letter } from '../../data/letters/letters'
import { hrefOfLetter } from '../../data/letters/places'
import { Icon } from '../../parts/icon'
import { isShortcut } from '../../data/letter-keys'

interface LetterRowsProps {
  readonly group: string
  readonly letters: readonly Letter[]
  readonly choice: Choice
  readonly choose: (choice: Choice) => void
}

/** The letters, one below the other. `j` and `k` go down and up, `x` chooses, Enter opens. */
export function LetterRows({ group, letters, choice, choose }: LetterRowsProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  useRowKeys(body)
  const chosen = new Set(choice.by === 'ids' ? choice.ids : [])
  const toggle = (id: string) => {
    const ids = choice.by === 'filter' ? letters.flatMap((letter) => letter.id ?? []) : choice.ids
    choose({ by: 'ids', ids: ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id] })
  }
  return (
    <div class="table-scroll">
      <table class="letters">
        <thead>
          <tr>
            <th>
              <span class="visually-hidden">Chosen</span>
            </th>
            <th>Parked</th>
            <th>Type, reason and error</th>
            <th class="wide-only">Id</th>
            <th class="number wide-only">Attempts</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {letters.map((letter, at) => (
            <Row
              key={`${letter.id ?? ''} ${at}`}
              {...{ group, letter }}
              isChosen={choice.by === 'filter' || (letter.id !== undefined && chosen.has(letter.id))}
              toggle={toggle}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly group: string
  readonly letter: Letter
  readonly isChosen: boolean
  readonly toggle: (id: string) => void
}

function Row({ group, letter, isChosen, toggle }: RowProps) {
  const { id, type = 'no type', reason = 'no reason', error, deadAt, attempts, replays } = letter
  const at = Date.parse(deadAt ?? '')
  return (
    <tr class={isChosen ? 'chosen' : ''}>
      <td>
        <label class="tick">
          <input
            type="checkbox"
            checked={isChosen}
            disabled={id === undefined}
            title={id === undefined ? 'Nobody could understand it, and it has no id: choose it by what it died of' : ''}
            onChange={() => id !== undefined && toggle(id)}
          />
          <span class="visually-hidden">Choose {id ?? 'a letter without an id'}</span>
        </label>
      </td>
      <td class="mono soft when" title={deadAt === undefined || Number.isNaN(at) ? '' : fullTime(at)}>
        {Number.isNaN(at) ? 'unknown' : dayAndTime(at)}
      </td>
      <td class="what">
        <div class="row-flex">
          {id === undefined ? (
            <span tabIndex={-1}>{type}</span>
          ) : (
            <a class="open" href={hrefOfLetter(group, id)}>
              {type}
              <span class="visually-hidden"> {id}</span>
            </a>
          )}
          <span class="badge bad">
            <Icon name="dead" />
            {reason}
          </span>
          {replays > 0 && <span class="tag">replayed {count(replays)}×</span>}
        </div>
        <p class="mono error" title={error ?? ''}>
          {error ?? 'no error stands on it'}
        </p>
      </td>
      <td class="mono soft wide-only" title={id ?? ''}>
        {id === undefined ? 'none' : shortId(id)}
      </td>
      <td class="number wide-only">{attempts ?? '–'}</td>
    </tr>
  )
}

/** The focus itself goes from row to row, so that Enter opens and a reader says where one is. */
function useRowKeys(body: { readonly current: HTMLTableSectionElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isShortcut(event) || document.querySelector('dialog[open]') !== null) return
      const rows = [...(body.current?.rows ?? [])]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      if (event.key === 'x') return rows[at]?.querySelector('input')?.click()
      if (event.key !== 'j' && event.key !== 'k') return
      const row = rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1)))]
      row?.querySelector<HTMLElement>('.what a, .what [tabindex]')?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
