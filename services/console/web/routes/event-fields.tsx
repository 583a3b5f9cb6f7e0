import type { ContractView } from '../../views/contract'
import { Refusal } from '../data/api'
import type { Wrong } from '../data/check-data'
import { JsonEditor } from '../parts/json-editor'
import { exampleOf, type WrittenEvent } from './event-text'

interface EventFieldsProps {
  readonly written: WrittenEvent
  readonly write: (written: WrittenEvent) => void
  readonly contracts: readonly ContractView[]
  /** Why the data is no JSON. */
  readonly unreadable: string | undefined
  readonly error: Error | undefined
}

/** Where an event is written that somebody asks about. */
export function EventFields({ written, write, contracts, unreadable, error }: EventFieldsProps) {
  const { type, data, attributes } = written
  return (
    <section class="card stack" aria-label="The event">
      <div class="field">
        <label for="asked-type">Message type</label>
        <select
          id="asked-type"
          value={type}
          onChange={({ currentTarget: { value } }) =>
            write({ ...written, type: value, data: exampleOf(value, contracts) })
          }
        >
          {contracts.map(({ name, kind }) => (
            <option key={name} value={name}>
              {name} ({kind})
            </option>
          ))}
        </select>
      </div>
      <JsonEditor
        text={data}
        changeText={(text) => write({ ...written, data: text })}
        unreadable={unreadable}
        errors={wrongsIn(error)}
      />
      <div class="field">
        <label for="asked-attributes">Attributes and extensions</label>
        <textarea
          id="asked-attributes"
          rows={3}
          spellcheck={false}
          placeholder={'source=/shop/web\ntenant=acme'}
          value={attributes}
          onInput={({ currentTarget }) => write({ ...written, attributes: currentTarget.value })}
        />
        <span class="help">NAME=VALUE on each line. Nothing is published.</span>
      </div>
    </section>
  )
}

function wrongsIn(error: Error | undefined): ReadonlyMap<string, string> {
  const errors = error instanceof Refusal ? error.problem['errors'] : undefined
  const wrongs = Array.isArray(errors) ? (errors as readonly Wrong[]) : []
  return new Map(wrongs.map(({ pointer, detail }) => [pointer, detail]))
}
