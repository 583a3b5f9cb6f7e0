import { useEffect, useState } from 'preact/hooks'
import { count } from '../../data/format'
import { choiceInWords } from '../../data/letters/choice'
import type { DryRun } from '../../data/letters/letters'
import { dryRun, startMove, type Move } from '../../data/letters/move'
import { Banner, ErrorBanner } from '../../parts/banner'
import { Dialog } from '../../parts/dialog'
import { Targets } from './targets'

interface ReviewMoveProps {
  readonly move: Move
  readonly close: () => void
  /** Called when it has begun. */
  readonly begun: () => void
}

const titles = { replay: 'Replay', discard: 'Discard for good' } as const

/** What would be done, in words and numbers, before anything is. */
export function ReviewMove({ move, close, begun }: ReviewMoveProps) {
  const [run, setRun] = useState<DryRun | undefined>(undefined)
  const [error, setError] = useState<Error | undefined>(undefined)
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    const ended = new AbortController()
    setRun(undefined)
    setError(undefined)
    dryRun(move, ended.signal).then(setRun, (why: Error) => why.name !== 'AbortError' && setError(why))
    return () => ended.abort()
  }, [looks])
  return (
    <Dialog title={titles[move.action]} close={close}>
      <div aria-live="polite" class="stack" tabIndex={-1} autofocus>
        {run === undefined && error === undefined && <p class="hint">Counting, and asking where each would go…</p>}
        {run !== undefined && <Found move={move} run={run} />}
      </div>
      {error !== undefined && <ErrorBanner error={error} again={() => setLooks(looks + 1)} />}
      {run === undefined || run.selected === 0 ? (
        <div class="ends">
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </div>
      ) : (
        <Agree key={looks} {...{ move, run, close, begun }} refused={setError} />
      )}
    </Dialog>
  )
}

function Found({ move: { group, action, choice }, run }: { readonly move: Move; readonly run: DryRun }) {
  const { selected, seen } = run
  if (selected === 0) return <p>There is nothing to {action}: the letters are gone, or others hold them.</p>
  return (
    <>
      <p>
        This concerns <strong>{choiceInWords(choice, group, selected)}</strong>.
      </p>
      {seen === 'in part' && (
        <Banner tone="wait">Others hold some letters in this moment; those are not counted and not touched.</Banner>
      )}
      <Targets run={run} />
      {action === 'replay' && (
        <p class="hint">
          Each goes to {group} alone, with its id, and its attempts begin at 1. Where its effect has happened already,
          nothing happens.
        </p>
      )}
    </>
  )
}

interface AgreeProps extends ReviewMoveProps {
  readonly run: DryRun
  readonly refused: (error: Error) => void
}

function Agree({ move, run: { selected }, close, begun, refused }: AgreeProps) {
  const [reason, setReason] = useState('')
  const [rate, setRate] = useState('')
  const [typed, setTyped] = useState('')
  const [begins, setBegins] = useState(false)
  const isDiscard = move.action === 'discard'
  const isAgreed = !isDiscard || typed === String(selected)
  const start = async () => {
    setBegins(true)
    try {
      const ratePerSecond = rate === '' ? undefined : Number(rate)
      await startMove(move, { expected: selected, reason: reason.trim(), ratePerSecond })
      close()
      begun()
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
        if (isAgreed && !begins) void start()
      }}
    >
      <Why isNeeded={isDiscard} reason={reason} change={setReason} />
      <div class="field">
        <label for="rate">At most so many a second</label>
        <input
          id="rate"
          type="number"
          min="0.1"
          step="any"
          placeholder="as fast as it goes"
          value={rate}
          onInput={({ currentTarget }) => setRate(currentTarget.value)}
        />
        <span class="help">
          Spares what they lean on: {selected > 1 ? 'a burst could fail as before.' : 'one needs none.'}
        </span>
      </div>
      {isDiscard && <TypeNumber selected={selected} typed={typed} change={setTyped} />}
      <div class="ends">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class={`button ${isDiscard ? 'danger' : 'main'}`} disabled={!isAgreed || begins}>
          {isDiscard ? 'Discard' : 'Replay'} {count(selected)}
        </button>
      </div>
    </form>
  )
}

interface WhyProps {
  readonly isNeeded: boolean
  readonly reason: string
  readonly change: (reason: string) => void
}

/** Why, for the audit and the message's story. */
export function Why({ isNeeded, reason, change }: WhyProps) {
  return (
    <div class="field">
      <label for="why">Why{isNeeded ? '' : ' (may be left out)'}</label>
      <input
        id="why"
        type="text"
        maxLength={1_000}
        required={isNeeded}
        value={reason}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      <span class="help">Stands in the audit and in the story of each message.</span>
    </div>
  )
}

interface TypeNumberProps {
  readonly selected: number
  readonly typed: string
  readonly change: (typed: string) => void
}

function TypeNumber({ selected, typed, change }: TypeNumberProps) {
  return (
    <>
      <Banner tone="wait">What is discarded is gone. An export keeps a copy that can be imported again.</Banner>
      <div class="field">
        <label for="typed">Type {selected} to agree</label>
        <input
          id="typed"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          value={typed}
          onInput={({ currentTarget }) => change(currentTarget.value.trim())}
        />
      </div>
    </>
  )
}
