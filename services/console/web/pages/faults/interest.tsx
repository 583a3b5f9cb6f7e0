import type { MessageOfInterest } from '../../../views/faults'
import { shortId } from '../../data/format'
import type { Tone } from '../../parts/state'
import { hrefTo } from '../../router'

const tones: Readonly<Record<MessageOfInterest['what'], Tone>> = {
  lost: 'bad',
  dead: 'bad',
  duplicate: 'kept',
  'known by the inbox': 'kept',
  retried: 'wait',
}

/** The messages that a person wants to look at. */
export function Interest({ messages }: { readonly messages: readonly MessageOfInterest[] }) {
  if (messages.length === 0) return null
  return (
    <ul class="interest" aria-label="Messages to look at">
      {messages.map(({ id, source, what, detail, group }) => (
        <li key={`${source} ${id}`}>
          <span class={`badge ${tones[what]}`}>{what}</span>
          <a class="mono" href={hrefTo(['messages', id], { source })}>
            {shortId(id)}
          </a>
          {group !== undefined && <a href={hrefTo(['dead-letters', group, id])}>dead letter</a>}
          <span class="hint">{detail}</span>
        </li>
      ))}
    </ul>
  )
}
