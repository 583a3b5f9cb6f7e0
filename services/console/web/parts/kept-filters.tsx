import { useState } from 'preact/hooks'
import { forgetFilter, keepFilter, keptFilters, longestName } from '../data/kept-filters'
import { Dialog } from './dialog'
import { Icon } from './icon'

interface KeptFiltersProps {
  /** The one that is applied now. */
  readonly filter: string
  readonly apply: (filter: string) => void
}

/** Filters that were given a name, and a way to give one to that of now. */
export function KeptFilters({ filter, apply }: KeptFiltersProps) {
  const [asks, ask] = useState<'name' | 'nothing'>('nothing')
  const kept = keptFilters.value
  const isNew = filter !== '' && !kept.some((each) => each.filter === filter)
  if (kept.length === 0 && !isNew) return null
  return (
    <div class="chips" role="group" aria-label="Filters that you keep">
      {kept.map((each) => (
        <span key={each.name} class="kept">
          <button
            type="button"
            class="chip"
            title={each.filter}
            aria-pressed={each.filter === filter}
            onClick={() => apply(each.filter)}
          >
            {each.name}
          </button>
          <button type="button" class="chip" aria-label={`Forget ${each.name}`} onClick={() => forget(each.name)}>
            <Icon name="cross" />
          </button>
        </span>
      ))}
      {isNew && (
        <button type="button" class="chip" onClick={() => ask('name')}>
          Keep this filter…
        </button>
      )}
      {asks === 'name' && <Naming filter={filter} close={() => ask('nothing')} />}
    </div>
  )
}

function forget(name: string): void {
  forgetFilter(name)
  toFilter()
}

/** What was pressed is gone: the focus goes on from where a filter is written. */
function toFilter(): void {
  requestAnimationFrame(() => document.getElementById('filter')?.focus())
}

function Naming({ filter, close }: { readonly filter: string; readonly close: () => void }) {
  const [name, setName] = useState(filter.slice(0, longestName))
  const isTaken = keptFilters.value.some((each) => each.name === name.trim())
  return (
    <Dialog title="Keep this filter" close={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() === '') return
          keepFilter({ name: name.trim(), filter })
          close()
          toFilter()
        }}
      >
        <p>
          <code>{filter}</code>
        </p>
        <div class="field">
          <label for="kept-name">Name</label>
          <input
            id="kept-name"
            type="text"
            value={name}
            maxLength={longestName}
            aria-describedby="kept-says"
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
          <span id="kept-says" class="help">
            {isTaken
              ? 'A filter has this name. This one takes its place.'
              : 'This browser keeps it. Whoever else wants it takes the address of this page.'}
          </span>
        </div>
        <div class="ends">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button main" disabled={name.trim() === ''}>
            Keep
          </button>
        </div>
      </form>
    </Dialog>
  )
}
