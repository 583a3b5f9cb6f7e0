import { useState } from 'preact/hooks'
import { sendEdited } from '../../data/letters/edit'
import { differences } from '../../data/json-text'
import type { WholeLetter } from '../../data/letters/letters'
import { beginWork } from '../../data/letters/works'
import { Banner, ErrorBanner } from '../../parts/banner'
import { hrefTo } from '../../router'
import { Why } from './review-move'

export interface ReviewEditProps {
  readonly group: string
  readonly id: string
  readonly letter: WholeLetter
  /** How many bear the id. */
  readonly expected: number
  readonly close: () => void
  /** Called when it is sent. */
  readonly begun: () => void
  /** JSON, if it was any. */
  readonly before: string
  readonly data: string
  readonly back: () => void
}

/** What would be otherwise, and what becomes of the letter. */
export function ReviewEdit({ group, id, letter, expected, before, data, back, ...ends }: ReviewEditProps) {
  const [reason, setReason] = useState('')
  const [error, setError] = useState<Error | undefined>(undefined)
  const [sends, setSends] = useState(false)
  const send = async () => {
    setSends(true)
    setError(undefined)
    try {
      const sentAs = await sendEdited({ group, id, data, expected, reason: reason.trim() })
      const tell = beginWork({ group, title: `Edit of the dead letter ${id} of ${group}`, done: 1, all: 1, says: '' })
      const link = { href: hrefTo(['messages', sentAs]), text: `Follow ${sentAs}` }
      tell({ state: 'done', says: 'Sent as a new message, and the letter is removed.', link })
      ends.close()
      ends.begun()
    } catch (why) {
      setSends(false)
      setError(why as Error)
    }
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!sends) void send()
      }}
    >
      <Changes before={before} data={data} />
      <p class="hint">
        What is sent is a new message that follows from the old one. It goes to {group} alone ({letter.replaysTo});{' '}
        {expected === 1 ? 'the letter is' : `the ${expected} letters with this id are`} removed once the broker has
        confirmed it. Groups that had the old message are not told.
      </p>
      <Why isNeeded={false} reason={reason} change={setReason} />
      {error !== undefined && <ErrorBanner error={error} />}
      <div class="ends">
        <button type="button" class="button" onClick={back}>
          Back
        </button>
        <button type="button" class="button" onClick={ends.close}>
          Cancel
        </button>
        <button type="submit" class="button main" disabled={sends}>
          Send it
        </button>
      </div>
    </form>
  )
}

function Changes({ before, data }: Pick<ReviewEditProps, 'before' | 'data'>) {
  const changes = differences(before, data)
  if (changes === undefined) return <p>The old data was no JSON. All of it is replaced.</p>
  if (changes.length === 0)
    return <Banner tone="wait">The data is the same. A replay would keep its id; this sends another message.</Banner>
  return (
    <div class="table-scroll">
      <table>
        <caption class="visually-hidden">What changes</caption>
        <thead>
          <tr>
            <th>Place</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ pointer, before: old, after }) => (
            <tr key={pointer}>
              <td class="mono">{pointer === '' ? 'the whole' : pointer}</td>
              <td class="mono">{old === undefined ? <span class="hint">nothing</span> : <del>{old}</del>}</td>
              <td class="mono">{after === undefined ? <span class="hint">nothing</span> : <ins>{after}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
