import { useEffect, useState } from 'preact/hooks'
import { replaceQuery } from '../router'
import { KeptFilters } from './kept-filters'

const quick = [
  { text: '', label: 'all' },
  { text: 'state:dead', label: 'dead' },
  { text: 'state:waiting', label: 'waiting for a retry' },
  { text: 'attempts>1', label: 'tried more than once' },
  { text: 'took>1s', label: 'slower than a second' },
  { text: 'state:unrouted', label: 'unrouted' },
]

interface FilterBoxProps {
  readonly filter: string
  /** What the server does not understand. */
  readonly refused: string | undefined
}

/** Where a filter is written, and others that are often wanted. */
export function FilterBox({ filter, refused }: FilterBoxProps) {
  const [text, setText] = useState(filter)
  useEffect(() => setText(filter), [filter])
  const apply = (value: string) => replaceQuery({ filter: value.trim() })
  return (
    <div class="stack">
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault()
          apply(text)
        }}
      >
        <div class="field">
          <label for="filter" class="visually-hidden">
            Filter
          </label>
          <input
            id="filter"
            type="search"
            class="mono"
            value={text}
            placeholder='type:order.*  state:dead  group:mail  age<10m  took>1s  -error:timeout  "free text"'
            aria-invalid={refused !== undefined}
            aria-describedby="filter-says"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          <span id="filter-says" class={refused === undefined ? 'help' : 'wrong'}>
            {refused ??
              'Fields: id, source, type, state, group, reason, error, correlation, causation; age, took, began, ended, attempts and replays with < or >; data.PATH and attribute.NAME, where the journal keeps them. "-" before a term means not.'}
          </span>
        </div>
        <button type="submit" class="button main">
          Filter
        </button>
      </form>
      <div class="chips" role="group" aria-label="Filters that are often used">
        {quick.map(({ text: value, label }) => (
          <button key={label} type="button" class="chip" aria-pressed={value === filter} onClick={() => apply(value)}>
            {label}
          </button>
        ))}
      </div>
      <KeptFilters filter={refused === undefined ? filter : ''} apply={apply} />
    </div>
  )
}
