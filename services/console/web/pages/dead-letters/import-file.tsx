import { useState } from 'preact/hooks'
import { count } from '../../data/format'
import { Refusal } from '../../data/api'
import { factsOf, type FileFacts } from '../../data/letters/file-facts'
import { mostImportBytes, startImport } from '../../data/letters/import'
import { Banner } from '../../parts/banner'
import { Dialog } from '../../parts/dialog'
import { Why } from './review-move'
import { goToWorks } from './works'

interface ImportFileProps {
  readonly group: string
  readonly close: () => void
}

interface Chosen {
  readonly file: File
  readonly facts: FileFacts
}

/** Puts exported letters back. The console checks every line before it puts the first. */
export function ImportFile({ group, close }: ImportFileProps) {
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined)
  const [error, setError] = useState<Error | undefined>(undefined)
  const read = async (file: File | undefined) => {
    setChosen(undefined)
    setError(undefined)
    if (file === undefined) return
    if (file.size > mostImportBytes)
      return setError(new Error('The file has more than 16 MiB; cut it between two lines and import it in parts.'))
    setChosen({ file, facts: factsOf(await file.text()) })
  }
  return (
    <Dialog title={`Import into ${group}`} close={close}>
      <div class="field">
        <label for="file">A file that an export has written</label>
        <input id="file" type="file" onChange={({ currentTarget }) => void read(currentTarget.files?.[0])} />
      </div>
      {error !== undefined && <Refused error={error} />}
      {chosen === undefined ? (
        <div class="ends">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
        </div>
      ) : (
        <Agree key={chosen.file.name} {...{ group, chosen, close }} refused={setError} />
      )}
    </Dialog>
  )
}

interface AgreeProps extends ImportFileProps {
  readonly chosen: Chosen
  readonly refused: (error: Error | undefined) => void
}

function Agree({ group, chosen: { file, facts }, close, refused }: AgreeProps) {
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState<'this' | 'any'>('this')
  const [present, setPresent] = useState<'skip' | 'again'>('skip')
  const [begins, setBegins] = useState(false)
  const start = async () => {
    setBegins(true)
    refused(undefined)
    try {
      await startImport({ group, file, facts, from, present, reason: reason.trim() })
      close()
      goToWorks()
    } catch (error) {
      setBegins(false)
      refused(error as Error)
    }
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <Found group={group} facts={facts} />
      <label class="row-flex">
        <input
          type="checkbox"
          checked={from === 'any'}
          onChange={({ currentTarget }) => setFrom(currentTarget.checked ? 'any' : 'this')}
        />
        Take letters of other groups too, as letters of {group}
      </label>
      <label class="row-flex">
        <input
          type="checkbox"
          checked={present === 'again'}
          onChange={({ currentTarget }) => setPresent(currentTarget.checked ? 'again' : 'skip')}
        />
        Put those that lie here already a second time
      </label>
      <Why isNeeded={false} reason={reason} change={setReason} />
      <div class="ends">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="button main" disabled={facts.letters === 0 || begins}>
          Import {count(facts.letters)}
        </button>
      </div>
    </form>
  )
}

function Found({
  group,
  facts: { letters, groups, unreadable },
}: {
  readonly group: string
  readonly facts: FileFacts
}) {
  const others = Object.keys(groups).filter((name) => name !== group)
  return (
    <div aria-live="polite" class="stack">
      <p>
        <strong>{count(letters)}</strong> {letters === 1 ? 'line' : 'lines'}:{' '}
        {[
          ...Object.entries(groups).map(([name, number]) => `${count(number)} of ${name}`),
          ...(unreadable > 0 ? [`${count(unreadable)} that are no dead letter`] : []),
        ].join(', ') || 'nothing'}
        .
      </p>
      {(others.length > 0 || unreadable > 0) && (
        <Banner tone="wait">
          One line that cannot be taken, and nothing is imported
          {others.length > 0 && '; those of other groups need the first tick'}.
        </Banner>
      )}
    </div>
  )
}

function Refused({ error }: { readonly error: Error }) {
  const lines = error instanceof Refusal ? error.problem['lines'] : undefined
  return (
    <Banner tone="bad">
      <div class="stack">
        {Array.isArray(lines) ? <span>Nothing was imported.</span> : <span>{error.message}</span>}
        {Array.isArray(lines) && (
          <ul class="results">
            {(lines as readonly { readonly line: number; readonly detail: string }[]).map(({ line, detail }) => (
              <li key={line}>
                line {line}: {detail}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Banner>
  )
}
