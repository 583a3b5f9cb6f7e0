import { useRef, useState } from 'preact/hooks'
import type { WhatIfView } from '../../views/routes'
import { Refusal } from '../data/api'
import { many } from '../data/format'
import { isJudgement, type Answer } from './use-answer'
import { draft } from './use-routes'

interface RulesEditorProps {
  readonly text: string
  readonly write: (text: string) => void
  /** What the console says of the text. */
  readonly checked: Answer<WhatIfView>
  readonly tryOut: (asked: { readonly last: number; readonly filter?: string }) => void
}

/** The text of a routes file, what is wrong with it, and on which messages it is tried. */
export function RulesEditor({ text, write, checked, tryOut }: RulesEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const [last, setLast] = useState('1000')
  const [filter, setFilter] = useState('')
  const isWrong = isJudgement(checked.error)
  return (
    <form
      class="card stack"
      aria-label="Rules to try"
      onSubmit={(event) => {
        event.preventDefault()
        tryOut({ last: Number(last), ...(filter.trim() !== '' && { filter }) })
      }}
    >
      <div class="field">
        <div class="row-flex">
          <label for="rules-text">Rules, as the file has them</label>
          {draft.value !== undefined && (
            <button type="button" class="button small end" onClick={() => (draft.value = undefined)}>
              Back to those in effect
            </button>
          )}
        </div>
        <textarea
          id="rules-text"
          ref={area}
          rows={Math.min(30, Math.max(14, text.split('\n').length + 1))}
          spellcheck={false}
          wrap="off"
          value={text}
          aria-invalid={isWrong}
          aria-describedby="rules-say"
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
        <div id="rules-say" aria-live="polite">
          <Says checked={checked} goTo={(line) => choose(area.current, line)} />
        </div>
      </div>
      <div class="try-on">
        <div class="field">
          <label for="last">Last messages</label>
          <input
            id="last"
            type="number"
            required
            min={1}
            max={10_000}
            value={last}
            onInput={({ currentTarget }) => setLast(currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="of-these">Of those that pass a filter</label>
          <input
            id="of-these"
            type="search"
            class="mono"
            placeholder="type:order.*  age<1h"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </div>
        <button type="submit" class="button main" disabled={isWrong}>
          Try on past traffic
        </button>
      </div>
    </form>
  )
}

interface SaysProps {
  readonly checked: Answer<WhatIfView>
  readonly goTo: (line: number) => void
}

interface Mistake {
  readonly line: number
  readonly text: string
}

function Says({ checked: { value, error }, goTo }: SaysProps) {
  if (value !== undefined)
    return (
      <p class="help">
        {many(value.rules.count, 'rule')}, without a mistake; {value.rules.words}.
      </p>
    )
  const mistakes = error instanceof Refusal ? error.problem['mistakes'] : undefined
  if (!Array.isArray(mistakes)) return <p class="wrong">{error?.message}</p>
  return (
    <ul class="stack">
      {(mistakes as readonly Mistake[]).map(({ line, text }, at) => (
        <li key={at} class="mistake">
          <button type="button" class="button small danger" onClick={() => goTo(line)}>
            line {line}
          </button>
          <span class="wrong">{text}</span>
        </li>
      ))}
    </ul>
  )
}

function choose(area: HTMLTextAreaElement | null, line: number): void {
  const lines = area?.value.split('\n') ?? []
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  area?.focus()
  area?.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0))
}
