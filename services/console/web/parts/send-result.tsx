import type { ContractView } from '../../views/contract'
import { count } from '../data/format'
import { system } from '../data/live'
import { refusedFields, type SendState } from '../data/send-state'
import { hrefTo } from '../router'
import { Banner } from './banner'
import { Copy } from './copy'

interface SendResultProps {
  readonly result: SendState
  readonly contract: ContractView
  readonly data: unknown
}

/** What the producer said, and where to go from there. */
export function SendResult({ result, contract, data }: SendResultProps) {
  const producer = system.value?.producerUrl ?? 'http://127.0.0.1:3000'
  const curl = () =>
    `curl -H 'content-type: application/json' -d '${JSON.stringify(data).replaceAll("'", "'\\''")}' ${producer}/messages/${contract.name}`
  const link = () =>
    `${location.origin}${location.pathname}${hrefTo(['send', contract.name], { data: JSON.stringify(data) })}`
  return (
    <div class="stack">
      <section class="card stack" aria-live="polite">
        <h2>Verdict</h2>
        <Verdict result={result} contract={contract} />
      </section>
      <section class="card stack">
        <h2>The same elsewhere</h2>
        <div class="row-flex">
          <Copy text={curl} label="Copy as curl" />
          <Copy text={link} label="Copy a link to this form" />
        </div>
      </section>
    </div>
  )
}

function Verdict({ result, contract }: Pick<SendResultProps, 'result' | 'contract'>) {
  if (result === undefined) return <p class="hint">Nothing was sent yet. What the producer says stands here.</p>
  if (result.kind === 'refused') return <Refused error={result.error} />
  if (result.kind === 'one')
    return (
      <>
        <Banner tone="good">
          <span>
            {result.outcome === 'stored'
              ? 'Stored: it is safe on the disk, and goes on once the broker is back.'
              : 'Confirmed: the broker has it on its disk.'}
          </span>
        </Banner>
        <p>
          <a class="button main" href={hrefTo(['messages', result.id])}>
            Follow it
          </a>
        </p>
        <p class="mono hint">{result.id}</p>
      </>
    )
  const { progress } = result
  if (progress === undefined) return <p class="hint">Sending…</p>
  const { done, all, outcomes, refusal, ids } = progress
  return (
    <>
      <label>
        {result.kind === 'sending' ? 'Sending' : done < all ? 'Stopped' : 'Done'}: {count(done)} of {count(all)}
        <progress value={done} max={all} />
      </label>
      <ul class="row-flex">
        {Object.entries(outcomes).map(([outcome, number]) => (
          <li key={outcome} class={`badge ${outcome === 'confirmed' || outcome === 'stored' ? 'good' : 'bad'}`}>
            {count(number)} {outcome}
          </li>
        ))}
      </ul>
      {refusal !== undefined && <Banner tone="bad">The first refusal: {refusal}</Banner>}
      {ids.length > 0 && (
        <p>
          <a href={hrefTo(['timeline'], { filter: `type:${contract.name}` })}>Show them in the timeline</a>
        </p>
      )}
    </>
  )
}

function Refused({ error }: { readonly error: Error }) {
  const fields = refusedFields(error)
  return (
    <>
      <Banner tone="bad">
        <span>{error.message}</span>
      </Banner>
      {fields.length > 0 && (
        <ul class="stack" style={{ gap: '0.3rem' }}>
          {fields.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer === '' ? 'the whole' : pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
