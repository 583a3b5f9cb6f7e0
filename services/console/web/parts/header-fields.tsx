import { useState } from 'preact/hooks'
import type { ComposerState } from '../data/use-composer'

const fields = [
  { name: 'idempotency-key', label: 'Idempotency-Key', help: 'A repeat with the same key has one effect.' },
  { name: 'handoff-delay', label: 'Handoff-Delay', help: 'Whole seconds until it is due.' },
  { name: 'handoff-priority', label: 'Handoff-Priority', help: '0 to 9; 5 and more overtakes, 3 and less waits.' },
  { name: 'handoff-key', label: 'Handoff-Key', help: 'Messages with the same key keep their order.' },
] as const

type HeaderState = Pick<ComposerState, 'headers' | 'setHeaders' | 'attributes' | 'setAttributes'>

/** The headers that a caller may send beside the data, and attributes of the event. */
export function HeaderFields({ headers, setHeaders, attributes, setAttributes }: HeaderState) {
  // Decided once: it must not shut while somebody clears a field.
  const [isUsed] = useState(() => attributes !== '' || Object.values(headers).some((each) => each !== ''))
  return (
    <details open={isUsed}>
      <summary>Headers and attributes</summary>
      <div class="columns" style={{ marginTop: '0.6rem' }}>
        {fields.map(({ name, label, help }) => (
          <div class="field" key={name}>
            <label for={name}>{label}</label>
            <input
              id={name}
              type="text"
              value={headers[name] ?? ''}
              onInput={({ currentTarget }) => setHeaders({ ...headers, [name]: currentTarget.value })}
            />
            <span class="help">{help}</span>
          </div>
        ))}
      </div>
      <div class="field" style={{ marginTop: '0.6rem' }}>
        <label for="attributes">Attributes</label>
        <textarea
          id="attributes"
          rows={Math.max(2, attributes.split('\n').length)}
          spellcheck={false}
          value={attributes}
          onInput={({ currentTarget }) => setAttributes(currentTarget.value)}
        />
        <span class="help">
          Of the CloudEvent, such as tenant=acme, one on each line. With any it is sent as an event of the source
          /console.
        </span>
      </div>
    </details>
  )
}
