import { useMemo } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import { getJson } from '../data/api'
import { load } from '../data/loaded'
import { useQuietStream } from '../data/quiet'
import { useDraft } from '../data/use-draft'
import { ErrorBanner } from '../parts/banner'
import { Composer } from '../parts/composer'
import { DraftBanner } from '../parts/draft-banner'
import { go, hrefTo } from '../router'

/** Sends a message of a type: a form made from its schema, and the producer's verdict. */
export function Send({ type }: { readonly type: string | undefined }) {
  useQuietStream()
  const contracts = useMemo(() => load(() => getJson<{ readonly contracts: readonly ContractView[] }>('contracts')), [])
  const loaded = contracts.loaded.value
  const known = loaded.state === 'here' ? loaded.value.contracts : []
  const contract = known.find(({ name }) => name === type) ?? known[0]
  const drafted = useDraft(contract)
  return (
    <>
      <header class="page-head">
        <h1>Send</h1>
        <p>By the producer, as any caller would: what it says no to is sent nowhere.</p>
      </header>
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} again={contracts.again} />}
      {type !== undefined && contract !== undefined && contract.name !== type && (
        <ErrorBanner error={new Error(`There is no message type "${type}"; this is ${contract.name}.`)} />
      )}
      {contract !== undefined && (
        <>
          <div class="field" style={{ maxWidth: '420px' }}>
            <label for="type">Message type</label>
            <select
              id="type"
              value={contract.name}
              onChange={({ currentTarget }) => go(hrefTo(['send', currentTarget.value]))}
            >
              {known.map(({ name, kind }) => (
                <option key={name} value={name}>
                  {name} ({kind})
                </option>
              ))}
            </select>
            <span class="help">
              {contract.description} {takers(contract)}
            </span>
          </div>
          <DraftBanner drafted={drafted} />
          {drafted.state !== 'reading' && (
            <Composer
              key={`${contract.name} ${drafted.state === 'here' ? drafted.id : ''}`}
              contract={contract}
              draft={drafted.state === 'here' ? drafted.draft : undefined}
            />
          )}
        </>
      )}
    </>
  )
}

function takers({ groups }: ContractView): string {
  return groups.length === 0 ? 'No group takes it.' : `Goes to ${groups.join(' and ')}.`
}
