import '../styles/body.css'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Wrong } from '../data/check-data'
import { hexDump } from '../data/hex-dump'
import { prettyJson } from '../data/json-text'
import { Copy } from './copy'
import { MarkedJson } from './marked-json'
import { Wrongs } from './wrongs'

type View = 'pretty' | 'raw' | 'hex'

const mostBytes = 65_536

interface BodyProps {
  readonly title: string
  readonly hint: string
  /** Undefined for bytes that are no text. */
  readonly text: string | undefined
  readonly bytes: Uint8Array
  /** What the schema speaks of; undefined for bytes that are no text. */
  readonly data: string | undefined
  readonly wrongs: readonly Wrong[]
  /** Says of a view that it does not show everything. */
  readonly about?: ((view: View) => string) | undefined
  readonly actions?: ComponentChildren
}

/** What a message carries, in three ways, and what the schema of its type finds wrong with it now. */
export function Body({ title, hint, text, bytes, data, wrongs, about, actions }: BodyProps) {
  const pretty = data === undefined ? undefined : prettyJson(data)
  const ways: readonly View[] = [
    ...(pretty === undefined ? [] : (['pretty'] as const)),
    ...(text === undefined ? [] : (['raw'] as const)),
    'hex',
  ]
  const [wanted, want] = useState<View | undefined>(undefined)
  const view = ways.find((each) => each === wanted) ?? ways[0] ?? 'hex'
  return (
    <section class="card stack">
      <div class="row-flex">
        <h2>{title}</h2>
        <span class="hint">{hint}</span>
        <span class="end row-flex">
          <span class="segmented" role="group" aria-label="How the body is shown">
            {ways.map((each) => (
              <button key={each} type="button" aria-pressed={each === view} onClick={() => want(each)}>
                {each}
              </button>
            ))}
          </span>
          {text !== undefined && <Copy text={text} label="Copy" />}
          {actions}
        </span>
      </div>
      {about !== undefined && <p class="hint">{about(view)}</p>}
      {view === 'pretty' && pretty !== undefined && <MarkedJson text={pretty} wrongs={wrongs} />}
      {view === 'raw' && (
        <pre class="code" tabIndex={0}>
          {text}
        </pre>
      )}
      {view === 'hex' && (
        <pre class="code hex" tabIndex={0}>
          {hexDump(bytes, mostBytes)}
        </pre>
      )}
      {view === 'hex' && bytes.length > mostBytes && <p class="hint">The first 64 KiB.</p>}
      {view !== 'pretty' && wrongs.length > 0 && (
        <>
          <h3>What the schema finds wrong</h3>
          <Wrongs id="wrongs" wrongs={wrongs} />
        </>
      )}
    </section>
  )
}
