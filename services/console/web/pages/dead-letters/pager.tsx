import { count } from '../../data/format'
import { lastPage, type Paging } from '../../data/letters/paging'

export interface PagerProps {
  readonly paging: Paging
  /** How many of them are shown. */
  readonly shown: number
  readonly matching: number | undefined
  readonly turn: (page: number) => void
  /** Whether it stands before the letters or behind them. */
  readonly at: 'top' | 'end'
}

/** Which part of all letters is shown, and ways to the others; nothing where all are. */
export function Pager({ paging, shown, matching, turn, at }: PagerProps) {
  const { limit, page } = paging
  const last = lastPage(paging, matching)
  const isFull = shown === Number(limit)
  if (page === 1 && (last === 1 || (last === undefined && !isFull))) return null
  const from = (page - 1) * Number(limit) + 1
  const ways = [
    { name: 'First', to: 1, isThere: page > 1 },
    { name: 'Previous', to: page - 1, isThere: page > 1 },
    { name: 'Next', to: page + 1, isThere: last === undefined ? isFull : page < last },
    { name: 'Last', to: last ?? page, isThere: last !== undefined && page < last },
  ]
  return (
    <nav class="pager" aria-label={at === 'top' ? 'Pages of letters' : 'Pages of letters, below them'}>
      <span class="hint">
        {shown === 0 ? 'None' : `${count(from)} to ${count(from + shown - 1)}`}
        {matching !== undefined && ` of ${count(matching)}`}
      </span>
      {ways.map(({ name, to, isThere }) => (
        <button key={name} type="button" class="button small" disabled={!isThere} onClick={() => turn(to)}>
          {name}
        </button>
      ))}
    </nav>
  )
}
