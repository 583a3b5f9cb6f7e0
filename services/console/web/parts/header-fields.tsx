import type { ComposerState } from '../data/use-composer'

const fields = [
  { name: 'idempotency-key', label: 'Idempotency-Key', help: 'A repeat with the same key has one effect.' },
  { name: 'handoff-delay', label: 'Handoff-Delay', help: 'Whole seconds until it is due.' },
  { name: 'handoff-priority', label: 'Handoff-Priority', help: '0 to 9; 5 and more overtakes, 3 and less waits.' },
  { name: 'handoff-key', label: 'Handoff-Key', help: 'Messages with the same key keep their order.' },
] as const

/** The headers that a caller may send beside the data. */
export function HeaderFields({ headers, setHeaders }: Pick<ComposerState, 'headers' | 'setHeaders'>) {
  return (
    <details>
      <summary>Headers</summary>
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
    </details>
  )
}
