import { useMemo } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import { getJson } from '../data/api'
import { duration } from '../data/format'
import { system } from '../data/live'
import { load } from '../data/loaded'
import { ErrorBanner } from '../parts/banner'
import { Copy } from '../parts/copy'
import { Download } from '../parts/download'
import { useQuietStream } from '../data/quiet'
import { hrefTo } from '../router'

/** The catalogue: what may be said, how it looks, and who takes it. */
export function Contracts({ type }: { readonly type: string | undefined }) {
  useQuietStream()
  const contracts = useMemo(() => load(() => getJson<{ readonly contracts: readonly ContractView[] }>('contracts')), [])
  const loaded = contracts.loaded.value
  const producer = system.value?.producerUrl
  return (
    <>
      <header class="page-head">
        <h1>Contracts</h1>
        <div class="actions">
          <Download path="contracts/asyncapi.json" name="asyncapi.json" label="AsyncAPI" />
          <Download path="contracts/openapi.json" name="openapi.json" label="OpenAPI" />
          {producer !== undefined && (
            <a class="button small" href={`${producer}/docs`}>
              HTTP API
            </a>
          )}
        </div>
        <p>What may be said between the services, defined once in shared/messages.</p>
      </header>
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} again={contracts.again} />}
      {loaded.state === 'here' &&
        loaded.value.contracts.map((contract) => (
          <Contract key={contract.name} contract={contract} isOpen={contract.name === type} />
        ))}
    </>
  )
}

interface ContractProps {
  readonly contract: ContractView
  readonly isOpen: boolean
}

function Contract({ contract, isOpen }: ContractProps) {
  const { name, kind, description, groups, attempts, delaysMs, timeLimitMs, acceptance, partitions } = contract
  return (
    <section class="card stack" id={`contract-${name}`}>
      <header class="row-flex" style={{ margin: 0 }}>
        <h2>{name}</h2>
        <span class={`badge ${kind === 'command' ? 'work' : 'kept'}`}>{kind}</span>
        <span class="hint">{description}</span>
        <span style={{ marginLeft: 'auto' }} class="row-flex">
          <a class="button small" href={hrefTo(['timeline'], { filter: `type:${name}` })}>
            Its messages
          </a>
          <a class="button small main" href={hrefTo(['send', name])}>
            Send
          </a>
        </span>
      </header>
      <dl class="facts">
        <dt>taken by</dt>
        <dd class="row-flex">
          {groups.length === 0
            ? 'no group'
            : groups.map((group) => (
                <a key={group} class="tag" href={hrefTo(['timeline'], { filter: `group:${group} type:${name}` })}>
                  {group}
                </a>
              ))}
        </dd>
        <dt>attempts</dt>
        <dd>
          {attempts}, after {delaysMs.map((ms) => duration(ms)).join(', ')}; each may take {duration(timeLimitMs)}
        </dd>
        <dt>accepted by</dt>
        <dd>
          {acceptance}
          {partitions > 0 && `; kept in order by key, in ${partitions} partitions`}
        </dd>
      </dl>
      <Shape contract={contract} isOpen={isOpen} />
    </section>
  )
}

function Shape({ contract: { schema, examples }, isOpen }: ContractProps) {
  const text = JSON.stringify(schema, null, 2)
  return (
    <details open={isOpen}>
      <summary>Schema and examples</summary>
      <div class="columns" style={{ marginTop: '0.7rem' }}>
        <div class="stack">
          <div class="row-flex">
            <h3>JSON Schema</h3>
            <Copy text={text} label="Copy" />
          </div>
          <pre class="code" tabIndex={0}>
            {text}
          </pre>
        </div>
        <div class="stack">
          <h3>Examples</h3>
          {examples.map((example, at) => (
            <pre class="code" key={at} tabIndex={0}>
              {JSON.stringify(example, null, 2)}
            </pre>
          ))}
        </div>
      </div>
    </details>
  )
}
