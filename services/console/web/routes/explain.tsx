import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import type { ExplanationView, RoutesView } from '../../views/routes'
import { getJson } from '../data/api'
import { load } from '../data/loaded'
import { ErrorBanner } from '../parts/banner'
import { place, replaceQuery } from '../router'
import { EventFields } from './event-fields'
import { eventIn, readEvent, type WrittenEvent } from './event-text'
import { useAnswer } from './use-answer'
import { Way } from './way'

/** What the page has put into the address itself, and what somebody has written; both stay while he goes from page to page. */
let ownQuery = ''
const draftEvent = signal<WrittenEvent | undefined>(undefined)

interface ExplainProps {
  readonly view: RoutesView
}

/** Where would an event go, and why? */
export function Explain({ view }: ExplainProps) {
  const contracts = useMemo(() => load(() => getJson<{ readonly contracts: readonly ContractView[] }>('contracts')), [])
  const loaded = contracts.loaded.value
  if (loaded.state === 'failed') return <ErrorBanner error={loaded.error} again={contracts.again} />
  return loaded.state === 'here' ? <Asking contracts={loaded.value.contracts} view={view} /> : null
}

function Asking({ contracts, view }: ExplainProps & { readonly contracts: readonly ContractView[] }) {
  const asked = place.value.query.toString()
  const written = draftEvent.value ?? eventIn(place.value.query, contracts)
  const { event, unreadable, query } = readEvent(written)
  const own = new URLSearchParams(query).toString()
  useEffect(() => {
    if (asked !== '' && asked !== ownQuery) draftEvent.value = eventIn(place.value.query, contracts)
  }, [asked])
  useEffect(() => {
    ownQuery = own
    replaceQuery(query)
  }, [own])
  const write = (next: WrittenEvent) => void (draftEvent.value = next)
  const { value, error } = useAnswer<ExplanationView>('routes/explain', event && { event }, view.file.hash)
  return (
    <div class="split">
      <EventFields {...{ written, write, contracts, error, unreadable }} />
      <div class="stack" aria-live="polite">
        {error !== undefined ? <ErrorBanner error={error} /> : value !== undefined && <Way explanation={value} />}
      </div>
    </div>
  )
}
