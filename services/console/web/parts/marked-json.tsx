import { lineOf, placesIn } from '../data/json-text'
import type { Wrong } from '../data/check-data'
import { Icon } from './icon'

interface MarkedJsonProps {
  readonly text: string
  readonly wrongs: readonly Wrong[]
}

/** JSON line by line, with what is wrong below the line where it is. */
export function MarkedJson({ text, wrongs }: MarkedJsonProps) {
  const places = placesIn(text) ?? new Map()
  const byLine = new Map<number, readonly Wrong[]>()
  for (const wrong of wrongs) {
    const line = lineOf(places, wrong.pointer)
    byLine.set(line, [...(byLine.get(line) ?? []), wrong])
  }
  return (
    <div class="code marked" tabIndex={0} role="region" aria-label="Body as JSON">
      {text.split('\n').map((line, at) => {
        const here = byLine.get(at + 1) ?? []
        return (
          <div key={at} class={here.length === 0 ? '' : 'wrong'}>
            <code>{line}</code>
            {here.map(({ pointer, detail }) => (
              <p key={`${pointer} ${detail}`}>
                <Icon name="dead" />
                <span>
                  {places.has(pointer) ? '' : `${pointer}: `}
                  {detail}
                </span>
              </p>
            ))}
          </div>
        )
      })}
    </div>
  )
}
