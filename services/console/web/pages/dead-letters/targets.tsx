import { count } from '../../data/format'
import type { DryRun } from '../../data/letters/letters'

/** Where how many would go, and which. */
export function Targets({ run: { letters, selected } }: { readonly run: DryRun }) {
  const byPlace = new Map<string, number>()
  for (const { to, type = 'no type' } of letters) {
    const place = `${type} ${to ?? ''}`
    byPlace.set(place, (byPlace.get(place) ?? 0) + 1)
  }
  return (
    <>
      <ul class="targets">
        {[...byPlace].map(([place, number]) => {
          const [type = '', to = ''] = place.split(' ')
          return (
            <li key={place}>
              <strong>{count(number)}</strong> {type}
              {to === '' ? ', removed' : ' to'} {to !== '' && <code>{to}</code>}
            </li>
          )
        })}
      </ul>
      {letters.length < selected && <p class="hint">Counted among the first {count(letters.length)}.</p>}
      <details>
        <summary>Their ids{letters.length < selected && `, the first ${count(letters.length)}`}</summary>
        <ul class="results mono" tabIndex={0} aria-label="Ids">
          {letters.map(({ id }, at) => (
            <li key={at}>{id ?? 'without an id'}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
