import { useMemo, useState } from 'preact/hooks'
import type { ContractView } from '../../../views/contract'
import { getJson } from '../../data/api'
import { dataOf } from '../../data/letters/elsewhere'
import { prettyJson } from '../../data/json-text'
import type { Wrong } from '../../data/check-data'
import { useVerdict } from '../../data/letters/use-verdict'
import { load } from '../../data/loaded'
import { Banner, ErrorBanner } from '../../parts/banner'
import { Dialog } from '../../parts/dialog'
import { ReviewEdit, type ReviewEditProps } from './review-edit'
import { Wrongs } from '../../parts/wrongs'

type EditLetterProps = Omit<ReviewEditProps, 'before' | 'data' | 'back'>

/** Other data for a letter: written, checked, looked at once more, and sent as a new message. */
export function EditLetter(props: EditLetterProps) {
  const contracts = useMemo(() => load(() => getJson<{ readonly contracts: readonly ContractView[] }>('contracts')), [])
  const loaded = contracts.loaded.value
  const contract =
    loaded.state === 'here' ? loaded.value.contracts.find(({ name }) => name === props.letter.type) : undefined
  return (
    <Dialog title="Edit and replay" width="wide" close={props.close}>
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} again={contracts.again} />}
      {loaded.state === 'here' && contract === undefined && (
        <Banner tone="wait">
          Nobody knows the type {props.letter.type ?? 'of this letter'}, so that no data could be checked. Discard it,
          or send a message of a type that is known.
        </Banner>
      )}
      {contract !== undefined && <Editor {...props} contract={contract} />}
    </Dialog>
  )
}

function Editor({ contract, ...props }: EditLetterProps & { readonly contract: ContractView }) {
  const isText = contract.contentType === 'text/plain'
  const before = dataOf(props.letter) ?? ''
  const [text, setText] = useState(() => (isText ? before : (prettyJson(before) ?? before)))
  const [step, setStep] = useState<'write' | 'review'>('write')
  const data = isText ? JSON.stringify(text) : text
  const wrongs = useVerdict(contract.name, data)
  if (step === 'review')
    return (
      <ReviewEdit
        {...props}
        before={isText ? JSON.stringify(before) : before}
        data={data}
        back={() => setStep('write')}
      />
    )
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (wrongs?.length === 0) setStep('review')
      }}
    >
      <div class="field">
        <label for="data">{isText ? 'Data, a text' : 'Data as JSON'}</label>
        <textarea
          id="data"
          rows={14}
          spellcheck={false}
          value={text}
          aria-invalid={wrongs !== undefined && wrongs.length > 0}
          aria-describedby="data-wrong"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Verdict type={contract.name} wrongs={wrongs} />
      </div>
      <div class="ends">
        {contract.examples[0] !== undefined && !isText && (
          <button
            type="button"
            class="button plain"
            onClick={() => setText(JSON.stringify(contract.examples[0], null, 2))}
          >
            Fill example
          </button>
        )}
        <button type="button" class="button" onClick={props.close}>
          Cancel
        </button>
        <button type="submit" class="button main" disabled={wrongs?.length !== 0}>
          Review
        </button>
      </div>
    </form>
  )
}

interface VerdictProps {
  readonly type: string
  readonly wrongs: readonly Wrong[] | undefined
}

function Verdict({ type, wrongs }: VerdictProps) {
  return (
    <div aria-live="polite">
      {wrongs === undefined && <p class="help">Checking…</p>}
      {wrongs?.length === 0 && <p class="fits">It fits {type}.</p>}
      <Wrongs id="data-wrong" wrongs={wrongs ?? []} />
    </div>
  )
}
