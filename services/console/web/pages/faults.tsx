import '../styles/faults.css'
import { useFaults } from '../data/faults'
import { system } from '../data/live'
import { useQuietStream } from '../data/quiet'
import { Banner, ErrorBanner } from '../parts/banner'
import { Empty } from '../parts/empty'
import { FaultList } from './faults/fault-list'
import { PastTrials } from './faults/past-trials'
import { Trial } from './faults/trial'

/** `#/faults` and `#/faults/ID`: makes something break while messages flow, and shows what becomes of them. */
export function Faults({ parts: [, id] }: { readonly parts: readonly string[] }) {
  useQuietStream()
  if (system.value === undefined) return <p class="hint">Reading…</p>
  return system.value.faults === 'on' ? <Open id={id} /> : <SwitchedOff />
}

function SwitchedOff() {
  return (
    <Empty icon="faults" title="Faults are switched off" of="whole">
      <p>
        They are for development: <code>npm start</code> and <code>npm run dev</code> switch them on, where HOST is
        loopback.
      </p>
      <pre class="mono">FAULTS=on npm start</pre>
      <p>In production they cannot be switched on: NODE_ENV=production refuses FAULTS, and so does another HOST.</p>
    </Empty>
  )
}

function Open({ id }: { readonly id: string | undefined }) {
  const { view, error, again } = useFaults()
  const trial = id === undefined ? view?.trials[0] : view?.trials.find((each) => each.id === id)
  return (
    <>
      <header class="page-head">
        <div>
          <h1>Faults</h1>
          <p class="hint">
            Make something break while real messages flow, and see what becomes of them. In development alone.
          </p>
        </div>
      </header>
      {error !== undefined && <ErrorBanner error={error} again={again} />}
      {view?.unjudged !== undefined && <Banner tone="wait">No trial can be judged: {view.unjudged}.</Banner>}
      {view === undefined && error === undefined && <p class="hint">Looking what can be made to happen…</p>}
      {view !== undefined && (
        <div class="faults-split">
          <FaultList view={view} />
          <div class="stack">
            <section class="card stack" aria-label="Trial" id="trial" tabIndex={-1}>
              {trial === undefined ? <NoTrial type={view.type} isGone={id !== undefined} /> : <Trial trial={trial} />}
            </section>
            {view.trials.length > 1 && <PastTrials trials={view.trials} shown={trial?.id} />}
          </div>
        </div>
      )}
    </>
  )
}

function NoTrial({ type, isGone }: { readonly type: string; readonly isGone: boolean }) {
  return (
    <Empty icon="faults" title={isGone ? 'The console knows no such trial' : 'No trial yet'}>
      <p>
        A trial sends 20 messages of type <code>{type}</code> a second for 15 seconds, as any caller would. After three
        seconds the fault strikes. Each message is followed to its end.
      </p>
    </Empty>
  )
}
