import { useState } from 'preact/hooks'
import { count } from '../../data/format'
import { bytesOf, hexDump } from '../../data/letters/body-bytes'
import { dataOf } from '../../data/letters/elsewhere'
import { prettyJson } from '../../data/letters/json-text'
import type { WholeLetter } from '../../data/letters/letters'
import { Copy } from '../../parts/copy'
import { MarkedJson } from './marked-json'
import { Wrongs } from './wrongs'

type View = 'pretty' | 'raw' | 'hex'

const mostBytes = 65_536

/** What it carries, in three ways, and what the schema of its type finds wrong with it now. */
export function LetterBody({ letter }: { readonly letter: WholeLetter }) {
  const { body, schemaErrors } = letter
  const data = dataOf(letter)
  const pretty = data === undefined ? undefined : prettyJson(data)
  const ways: readonly View[] = [
    ...(pretty === undefined ? [] : (['pretty'] as const)),
    ...(body === undefined ? [] : (['raw'] as const)),
    'hex',
  ]
  const [wanted, want] = useState<View | undefined>(undefined)
  const view = ways.find((each) => each === wanted) ?? ways[0] ?? 'hex'
  const bytes = bytesOf(letter)
  return (
    <section class="card stack">
      <div class="row-flex">
        <h2>Body</h2>
        <span class="hint">
          {count(bytes.length)} bytes{body === undefined && ', which are no text'}
        </span>
        <span class="end row-flex">
          <span class="segmented" role="group" aria-label="How the body is shown">
            {ways.map((each) => (
              <button key={each} type="button" aria-pressed={each === view} onClick={() => want(each)}>
                {each}
              </button>
            ))}
          </span>
          {body !== undefined && <Copy text={body} label="Copy" />}
        </span>
      </div>
      {letter.data !== undefined && (
        <p class="hint">{view === 'pretty' ? 'The data of the event; raw shows all of it.' : 'All of the event.'}</p>
      )}
      {view === 'pretty' && pretty !== undefined && <MarkedJson text={pretty} wrongs={schemaErrors} />}
      {view === 'raw' && (
        <pre class="code" tabIndex={0}>
          {body}
        </pre>
      )}
      {view === 'hex' && (
        <pre class="code hex" tabIndex={0}>
          {hexDump(bytes, mostBytes)}
        </pre>
      )}
      {view === 'hex' && bytes.length > mostBytes && <p class="hint">The first 64 KiB.</p>}
      {view !== 'pretty' && schemaErrors.length > 0 && (
        <>
          <h3>What the schema finds wrong</h3>
          <Wrongs id="wrongs" wrongs={schemaErrors} />
        </>
      )}
    </section>
  )
}
