import type { ContractView } from '../../views/contract'
import { rights } from '../data/access'
import type { Schema } from '../data/schema'
import type { Draft } from '../data/sent-before'
import { useComposer, type ComposerState, type Tab } from '../data/use-composer'
import { Banner } from './banner'
import { HeaderFields } from './header-fields'
import { JsonEditor } from './json-editor'
import { SchemaField } from './schema-field'
import { SendResult } from './send-result'

const mostAtOnce = 1_000
const tabs: Readonly<Record<Tab, string>> = { form: 'Form', json: 'JSON', lines: 'Many, as lines' }

interface ComposerProps {
  readonly contract: ContractView
  /** What it begins with, in place of an example. */
  readonly draft?: Draft | undefined
}

/** Where a message is written and sent, and what the producer says to it. */
export function Composer({ contract, draft }: ComposerProps) {
  const state = useComposer(contract, draft)
  const { tab, errors, send, result, data } = state
  return (
    <div class="split">
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Tabs {...state} />
        <div id="written" role="tabpanel" aria-labelledby={`tab-${tab}`} class="stack">
          <Written contract={contract} state={state} />
        </div>
        <HeaderFields {...state} />
        {tab !== 'lines' && <HowMany {...state} />}
        <Buttons contract={contract} state={state} />
        {rights.value === 'look' && <Banner tone="wait">The key that you gave may look and send nothing.</Banner>}
        {errors.size > 0 && tab !== 'lines' && (
          <Banner tone="wait">The producer would refuse this: {firstOf(errors)}</Banner>
        )}
      </form>
      <SendResult result={result} contract={contract} data={data} />
    </div>
  )
}

function Tabs({ tab, setTab }: Pick<ComposerState, 'tab' | 'setTab'>) {
  return (
    <div class="tabs" role="tablist" aria-label="How to write it">
      {(Object.keys(tabs) as Tab[]).map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={`tab-${each}`}
          aria-selected={each === tab}
          aria-controls="written"
          onClick={() => setTab(each)}
        >
          {tabs[each]}
        </button>
      ))}
    </div>
  )
}

interface OfContract {
  readonly contract: ContractView
  readonly state: ComposerState
}

function Written({ contract: { name, schema }, state }: OfContract) {
  const { tab, data, change, errors, lines, setLines } = state
  if (tab === 'json') return <JsonEditor {...state} />
  if (tab === 'form')
    return (
      <SchemaField
        schema={schema as Schema}
        value={data}
        change={change}
        pointer=""
        errors={errors}
        name={name}
        isRequired
      />
    )
  return (
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
  )
}

function HowMany({ times, setTimes }: Pick<ComposerState, 'times' | 'setTimes'>) {
  return (
    <div class="field" style={{ maxWidth: '260px' }}>
      <label for="times">How many</label>
      <input
        id="times"
        type="number"
        min={1}
        max={mostAtOnce}
        value={times}
        onInput={({ currentTarget }) => setTimes(within(Number(currentTarget.value)))}
      />
      <span class="help">{'{n}'} in a text becomes the number of each.</span>
    </div>
  )
}

function within(times: number): number {
  return Math.max(1, Math.min(mostAtOnce, Math.floor(times) || 1))
}

function Buttons({ contract, state }: OfContract) {
  const { tab, count, unreadable, result, change } = state
  const stop = result?.kind === 'sending' ? result.stop : undefined
  const cannot =
    rights.value === 'look' || stop !== undefined || count === 0 || (tab !== 'lines' && unreadable !== undefined)
  return (
    <div class="row-flex">
      <button type="submit" class="button main" disabled={cannot}>
        {count === 1 ? 'Send' : `Send ${count}`}
      </button>
      {stop !== undefined && (
        <button type="button" class="button danger" onClick={stop}>
          Stop
        </button>
      )}
      {contract.examples.map((example, at) => (
        <button key={at} type="button" class="button plain" onClick={() => change(example)}>
          Fill example{contract.examples.length > 1 && ` ${at + 1}`}
        </button>
      ))}
    </div>
  )
}

function firstOf(errors: ReadonlyMap<string, string>): string {
  const [first] = errors
  if (first === undefined) return ''
  const [pointer, detail] = first
  return `${pointer === '' ? 'the whole' : pointer} ${detail}`
}
