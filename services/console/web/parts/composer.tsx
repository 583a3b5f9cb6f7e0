import { useEffect, useState } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import { ask } from '../data/api'
import { initialOf, type Schema } from '../data/schema'
import { sendMany, sendOne, type Parcel, type Progress } from '../data/send-many'
import type { SendState } from '../data/send-state'
import { place } from '../router'
import { Banner } from './banner'
import { SchemaField } from './schema-field'
import { SendResult } from './send-result'

type Tab = 'form' | 'json' | 'lines'

const checkAfterMs = 250
const mostAtOnce = 1_000

const headerFields = [
  { name: 'idempotency-key', label: 'Idempotency-Key', help: 'A repeat with the same key has one effect.' },
  { name: 'handoff-delay', label: 'Handoff-Delay', help: 'Whole seconds until it is due.' },
  { name: 'handoff-priority', label: 'Handoff-Priority', help: '0 to 9; 5 and more overtakes, 3 and less waits.' },
  { name: 'handoff-key', label: 'Handoff-Key', help: 'Messages with the same key keep their order.' },
] as const

/** Data and headers of a message to be, in a form and as JSON at once, and what the server finds wrong with it. */
export function Composer({ contract }: { readonly contract: ContractView }) {
  const schema = contract.schema as Schema
  const [data, setData] = useState<unknown>(() => fromLink() ?? contract.examples[0] ?? initialOf(schema))
  const [text, setText] = useState(() => JSON.stringify(data, null, 2))
  const [unreadable, setUnreadable] = useState<string | undefined>(undefined)
  const [tab, setTab] = useState<Tab>('form')
  const [lines, setLines] = useState(() => contract.examples.map((each) => JSON.stringify(each)).join('\n'))
  const [headers, setHeaders] = useState<Readonly<Record<string, string>>>({})
  const [times, setTimes] = useState(1)
  const errors = useVerdict(contract, data)
  const [result, setResult] = useState<SendState>(undefined)

  const change = (next: unknown) => {
    setData(next)
    setText(JSON.stringify(next, null, 2))
    setUnreadable(undefined)
  }
  const changeText = (next: string) => {
    setText(next)
    try {
      setData(JSON.parse(next))
      setUnreadable(undefined)
    } catch (error) {
      setUnreadable((error as Error).message)
    }
  }
  const parcels = (): readonly Parcel[] => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
    const parcel = (body: string): Parcel => ({
      type: contract.name,
      contentType: 'application/json',
      headers: given,
      body,
    })
    if (tab === 'lines')
      return lines
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parcel)
    const body = JSON.stringify(data)
    if (times === 1) return [parcel(body)]
    return Array.from({ length: times }, (_, at) => parcel(body.replaceAll('{n}', String(at + 1))))
  }
  const send = () => void deliver(parcels(), setResult)
  const stopping = result?.kind === 'sending' ? result.stop : undefined
  const count = tab === 'lines' ? parcels().length : times
  return (
    <div class="split">
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <div class="tabs" role="tablist" aria-label="How to write it">
          {(['form', 'json', 'lines'] as const).map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={each === tab}
              aria-controls="written"
              id={`tab-${each}`}
              onClick={() => setTab(each)}
            >
              {{ form: 'Form', json: 'JSON', lines: 'Many, as lines' }[each]}
            </button>
          ))}
        </div>
        <div id="written" role="tabpanel" aria-labelledby={`tab-${tab}`} class="stack">
          {tab === 'form' && (
            <SchemaField
              schema={schema}
              value={data}
              change={change}
              pointer=""
              errors={errors}
              name={contract.name}
              isRequired
            />
          )}
          {tab === 'json' && (
            <div class="field">
              <label for="json">Data as JSON</label>
              <textarea
                id="json"
                rows={14}
                spellcheck={false}
                value={text}
                aria-invalid={unreadable !== undefined || errors.size > 0}
                aria-describedby="json-wrong"
                onInput={({ currentTarget }) => changeText(currentTarget.value)}
              />
              <ul id="json-wrong" class="wrong">
                {unreadable !== undefined && <li>{unreadable}</li>}
                {[...errors].map(([pointer, detail]) => (
                  <li key={pointer}>
                    <code>{pointer === '' ? 'the whole' : pointer}</code> {detail}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {tab === 'lines' && (
            <div class="field">
              <label for="lines">One message's data on each line, as JSON</label>
              <textarea
                id="lines"
                rows={14}
                spellcheck={false}
                value={lines}
                onInput={({ currentTarget }) => setLines(currentTarget.value)}
              />
            </div>
          )}
        </div>
        <details>
          <summary>Headers</summary>
          <div class="columns" style={{ marginTop: '0.6rem' }}>
            {headerFields.map(({ name, label, help }) => (
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
        {tab !== 'lines' && (
          <div class="field" style={{ maxWidth: '260px' }}>
            <label for="times">How many</label>
            <input
              id="times"
              type="number"
              min={1}
              max={mostAtOnce}
              value={times}
              onInput={({ currentTarget }) =>
                setTimes(Math.max(1, Math.min(mostAtOnce, Math.floor(Number(currentTarget.value)) || 1)))
              }
            />
            <span class="help">{'{n}'} in a text becomes the number of each.</span>
          </div>
        )}
        <div class="row-flex">
          <button
            type="submit"
            class="button main"
            disabled={stopping !== undefined || count === 0 || (tab !== 'lines' && unreadable !== undefined)}
          >
            {count === 1 ? 'Send' : `Send ${count}`}
          </button>
          {stopping !== undefined && (
            <button type="button" class="button danger" onClick={stopping}>
              Stop
            </button>
          )}
          <ExampleButtons contract={contract} use={change} />
        </div>
        {errors.size > 0 && tab !== 'lines' && (
          <Banner tone="wait">The producer would refuse this: {firstOf(errors)}</Banner>
        )}
      </form>
      <SendResult result={result} contract={contract} data={data} />
    </div>
  )
}

async function deliver(parcels: readonly Parcel[], tell: (result: SendState) => void): Promise<void> {
  const ended = new AbortController()
  const stop = () => ended.abort()
  tell({ kind: 'sending', progress: undefined, stop })
  const [only] = parcels
  if (parcels.length !== 1 || only === undefined) {
    const told = (progress: Progress) => tell({ kind: 'sending', progress, stop })
    return tell({ kind: 'many', progress: await sendMany(parcels, { signal: ended.signal, tell: told }) })
  }
  try {
    const { id = '', outcome } = await sendOne(only)
    tell({ kind: 'one', id, outcome })
  } catch (error) {
    tell({ kind: 'refused', error: error as Error })
  }
}

function ExampleButtons({ contract, use }: { readonly contract: ContractView; readonly use: (data: unknown) => void }) {
  return (
    <>
      {contract.examples.map((example, at) => (
        <button key={at} type="button" class="button plain" onClick={() => use(example)}>
          Fill example{contract.examples.length > 1 && ` ${at + 1}`}
        </button>
      ))}
    </>
  )
}

/** What the server finds wrong with the data, by pointer; asked a moment after the last change. */
function useVerdict({ name }: ContractView, data: unknown): ReadonlyMap<string, string> {
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const ended = new AbortController()
    const timer = setTimeout(() => {
      checked(name, data, ended.signal).then(setErrors, () => {})
    }, checkAfterMs)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [name, data])
  return errors
}

async function checked(name: string, data: unknown, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const response = await ask(`contracts/${encodeURIComponent(name)}/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
    signal,
  })
  const { errors } = (await response.json()) as { errors: readonly { pointer: string; detail: string }[] }
  return new Map(errors.map(({ pointer, detail }) => [pointer, detail]))
}

function firstOf(errors: ReadonlyMap<string, string>): string {
  const [first] = errors
  if (first === undefined) return ''
  const [pointer, detail] = first
  return `${pointer === '' ? 'the whole' : pointer} ${detail}`
}

/** A link may bring the data: `#/send/TYPE?data=…`. */
function fromLink(): unknown {
  const text = place.value.query.get('data')
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
