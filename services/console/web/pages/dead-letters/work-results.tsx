import { useState } from 'preact/hooks'
import { count } from '../../data/format'
import { outcomesOf, resultLines } from '../../data/letters/work-results'
import type { Work, WorkResult } from '../../data/letters/work'
import { saveFile } from '../../data/save-file'
import { Icon } from '../../parts/icon'
import { hrefTo } from '../../router'
import { VirtualRows } from '../../parts/virtual-rows'

/** What became of each letter of a work: all, or those with one outcome alone; and as a file. */
export function WorkResults({ work }: { readonly work: Work }) {
  const { title, results = [], untold = 0 } = work
  const [only, setOnly] = useState<string | undefined>(undefined)
  const shown = only === undefined ? results : results.filter(({ outcome }) => outcome === only)
  const outcomes = outcomesOf(results)
  const save = () =>
    saveFile(new Blob([resultLines(results)], { type: 'application/x-ndjson' }), 'what-became-of-each.jsonl')
  return (
    <details class="work-results">
      <summary>
        What became of each: {outcomes.map(({ outcome, many }) => `${count(many)} ${outcome}`).join(', ')}
        {untold > 0 && `, and ${count(untold)} that are not listed`}
      </summary>
      <div class="row-flex">
        <div class="segmented" role="group" aria-label="Which are listed">
          <button type="button" aria-pressed={only === undefined} onClick={() => setOnly(undefined)}>
            All {count(results.length)}
          </button>
          {outcomes.map(({ outcome, many }) => (
            <button key={outcome} type="button" aria-pressed={only === outcome} onClick={() => setOnly(outcome)}>
              {outcome} {count(many)}
            </button>
          ))}
        </div>
        <button type="button" class="button small end" onClick={save}>
          Save as JSONL<span class="visually-hidden">: {title}</span>
        </button>
      </div>
      <VirtualRows rows={shown} label="What became of each" height={306} row={(result) => <Result {...result} />} />
    </details>
  )
}

function Result({ name, outcome, kind, detail = '', message }: WorkResult) {
  return (
    <div class="result">
      <span class={`badge ${kind === 'done' ? 'good' : 'wait'}`}>
        <Icon name={kind === 'done' ? 'check' : 'pause'} />
        {outcome}
      </span>
      {message === undefined ? (
        <span class="mono">{name}</span>
      ) : (
        <a class="mono" href={hrefTo(['messages', message.id], { source: message.source })} title={name}>
          {name}
        </a>
      )}
      <span class="soft" title={detail}>
        {detail}
      </span>
    </div>
  )
}
