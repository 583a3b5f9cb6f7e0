import type { PolicyView } from '../../views/topology'

/** As JSON has it; what is not set is said so. */
export function shownValue(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value)
}

export function FactTable({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  return (
    <dl class="facts">
      {Object.entries(facts).map(([name, value]) => (
        <>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <code>{typeof value === 'string' ? value : shownValue(value)}</code>
          </dd>
        </>
      ))}
    </dl>
  )
}

/** Under which policies a queue stands, and what they take from it. */
export function PolicyFacts({ policy: { names, definition, unsafe } }: { readonly policy: PolicyView }) {
  return (
    <div class="stack topo-part">
      <h3>{names.join(' and ') || 'Policy'}</h3>
      {unsafe.map(({ key, value, harm }) => (
        <p key={key}>
          <span class="badge bad">! unsafe</span> <code>{key}</code> {shownValue(value)}: {harm}
        </p>
      ))}
      <FactTable facts={definition} />
    </div>
  )
}
