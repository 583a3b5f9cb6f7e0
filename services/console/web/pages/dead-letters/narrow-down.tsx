import { useState } from 'preact/hooks'
import { filterInWords, isEverything, type LetterFilter } from '../../data/letters/letter-filter'
import { localTime, momentOf } from '../../data/letters/local-time'

interface NarrowDownProps {
  readonly filter: LetterFilter
  /** What its signature stands for. */
  readonly diedOf: string | undefined
  readonly limit: string
  readonly show: (filter: LetterFilter, limit: string) => void
}

const texts = [
  { name: 'text', label: 'Text in id or error', hint: 'A-1001, timed out' },
  { name: 'type', label: 'Type', hint: 'order.placed' },
  { name: 'reason', label: 'Reason', hint: 'rejected' },
  { name: 'signature', label: 'Signature', hint: 'of what they died of' },
] as const

const times = [
  { name: 'since', label: 'Parked since' },
  { name: 'until', label: 'Parked before' },
] as const

/** Which letters are shown. It stands in the address, so a link leads to the same. */
export function NarrowDown({ filter, diedOf, limit, show }: NarrowDownProps) {
  const [fields, setFields] = useState<readonly string[]>([...filter.where, ''])
  const { signature: _, ...beside } = filter
  const apply = (form: HTMLFormElement) => {
    const data = new FormData(form)
    const given = (name: string) => textsIn([data.get(name)])
    const facts = texts.flatMap(({ name }) => given(name).map((value) => [name, value]))
    const moments = times.flatMap(({ name }) => given(name).map((value) => [name, momentOf(value)]))
    const next = Object.fromEntries([...facts, ...moments]) as Partial<Omit<LetterFilter, 'where'>>
    show({ ...next, where: textsIn(fields) }, given('limit')[0] ?? limit)
  }
  return (
    <details class="narrow" open={!isEverything(beside)}>
      <summary>{isEverything(filter) ? 'Narrow down' : `Only those ${filterInWords(filter, diedOf)}`}</summary>
      <form
        class="narrow-down"
        aria-label="Which letters are shown"
        onSubmit={(event) => {
          event.preventDefault()
          apply(event.currentTarget)
        }}
      >
        {texts.map(({ name, label, hint }) => (
          <div class="field" key={name}>
            <label for={name}>{label}</label>
            <input id={name} name={name} type="text" value={filter[name] ?? ''} placeholder={hint} spellcheck={false} />
          </div>
        ))}
        {times.map(({ name, label }) => (
          <div class="field" key={name}>
            <label for={name}>{label}</label>
            <input id={name} name={name} type="datetime-local" step={1} value={localTime(filter[name])} />
          </div>
        ))}
        <Fields fields={fields} change={setFields} />
        <div class="field">
          <label for="limit">Letters on a page</label>
          <select id="limit" name="limit" value={limit}>
            {[...new Set(['50', '200', '1000', limit])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
        <div class="row-flex">
          <button type="submit" class="button">
            Show these
          </button>
          {!isEverything(filter) && (
            <button type="button" class="button plain" onClick={() => show({ where: [] }, limit)}>
              Show all
            </button>
          )}
        </div>
      </form>
    </details>
  )
}

function textsIn(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []))
}

interface FieldsProps {
  readonly fields: readonly string[]
  readonly change: (fields: readonly string[]) => void
}

function Fields({ fields, change }: FieldsProps) {
  return (
    <>
      {fields.map((field, at) => (
        <div class="field" key={at}>
          <label for={`where-${at}`}>{at === 0 ? 'Field of the data' : 'And another'}</label>
          <input
            id={`where-${at}`}
            type="text"
            class="mono"
            value={field}
            placeholder="/orderId=A-1001"
            pattern="(/[^=]*)?=.*"
            title="A pointer, = and a value, such as /orderId=A-1001"
            spellcheck={false}
            onInput={({ currentTarget }) => change(withField(fields, at, currentTarget.value))}
          />
        </div>
      ))}
    </>
  )
}

/** There is always an empty one at the end. */
function withField(fields: readonly string[], at: number, value: string): readonly string[] {
  const next = fields.map((field, index) => (index === at ? value : field))
  return next.at(-1) === '' ? next : [...next, '']
}
