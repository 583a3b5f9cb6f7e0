import { useState } from 'preact/hooks'
import type { FaultsView, FaultView } from '../../../views/faults'
import { rights } from '../../data/access'
import { isRunning, startTrial, type TrialAsked } from '../../data/faults'
import { Banner, ErrorBanner } from '../../parts/banner'
import { go, hrefTo } from '../../router'
import { AgreeToFault } from './agree-to-fault'
import { Choice } from './choice'

interface Asking {
  readonly fault: FaultView
  readonly asked: TrialAsked
}

const bodies = ['no JSON', 'wrong shape'] as const

/** Every fault, whom it can befall, and what is in the way. */
export function FaultList({ view }: { readonly view: FaultsView }) {
  const [error, fail] = useState<Error | undefined>(undefined)
  const [asking, ask] = useState<Asking | undefined>(undefined)
  const isBusy = view.trials.some(isRunning) || view.unjudged !== undefined || rights.value === 'look'
  const start = async (asked: TrialAsked) => {
    fail(undefined)
    ask(undefined)
    try {
      go(hrefTo(['faults', await startTrial(asked)]))
      requestAnimationFrame(goToTrial)
    } catch (why) {
      fail(why as Error)
    }
  }
  return (
    <section class="card flush faults-list" aria-label="What can be made to happen">
      {error !== undefined && <ErrorBanner error={error} />}
      {rights.value === 'look' && <Banner tone="wait">The key that you gave may look and make nothing happen.</Banner>}
      {view.faults.map((fault) => (
        <OneFault
          key={fault.name}
          fault={fault}
          isBusy={isBusy}
          strike={(asked) => (fault.agree === undefined ? void start(asked) : ask({ fault, asked }))}
        />
      ))}
      {asking !== undefined && (
        <AgreeToFault {...asking} agree={() => void start(asking.asked)} close={() => ask(undefined)} />
      )}
    </section>
  )
}

/** Where it is told, also for whoever hears the page. */
function goToTrial(): void {
  const place = document.getElementById('trial')
  place?.focus({ preventScroll: true })
  place?.scrollIntoView({ block: 'nearest' })
}

interface OneFaultProps {
  readonly fault: FaultView
  readonly isBusy: boolean
  readonly strike: (asked: TrialAsked) => void
}

function OneFault({ fault: { name, title, what, targets }, isBusy, strike }: OneFaultProps) {
  const [chosen, choose] = useState(targets[0]?.name)
  const [body, setBody] = useState<(typeof bodies)[number]>('no JSON')
  const place = targets.find((each) => each.name === chosen)
  if (place === undefined) return null
  const id = `why-${name}`
  return (
    <div class="one-fault">
      <h2>{title}</h2>
      <p class="hint">{what}</p>
      <div class="row-flex">
        <Choice label={`Whom ${title} befalls`} options={targets.map((each) => each.name)} {...{ chosen, choose }} />
        {name === 'poison' && <Choice label="Its body" options={bodies} chosen={body} choose={setBody} />}
        <button
          type="button"
          class="button small danger strikes"
          disabled={isBusy || place.obstacle !== undefined}
          aria-label={`Strike: ${title}`}
          aria-describedby={place.obstacle === undefined ? undefined : id}
          onClick={() => strike({ fault: name, target: place.name, ...(name === 'poison' && { body }) })}
        >
          Strike
        </button>
      </div>
      {place.obstacle !== undefined && (
        <p class="hint obstacle" id={id}>
          Not here: {place.obstacle}.{place.command !== undefined && ' On a broker of your own, by hand:'}
        </p>
      )}
      {place.command !== undefined && <pre class="code">{place.command}</pre>}
    </div>
  )
}
