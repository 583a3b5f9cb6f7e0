import type { ComponentChildren } from 'preact'
import { system } from '../../data/live'
import { curlOf, fixtureOf } from '../../data/letters/elsewhere'
import type { WholeLetter } from '../../data/letters/letters'
import { hrefOfSame } from '../../data/letters/places'
import { Copy } from '../../parts/copy'
import { hrefTo } from '../../router'
import { LetterBody } from './letter-body'

interface WholeOneProps {
  readonly group: string
  readonly letter: WholeLetter
  /** `, 1 of 2`; empty where there is but one. */
  readonly place: string
}

/** Everything that stands on a letter. */
export function WholeOne({ group, letter, place }: WholeOneProps) {
  const { error, stack, headers, properties } = letter
  return (
    <div class="split">
      <div class="stack">
        <section class="card stack">
          <h2>Why it died{place}</h2>
          <pre class="died">{error ?? 'No error stands on it.'}</pre>
          {stack !== undefined && (
            <details>
              <summary>Stack</summary>
              <pre class="code" tabIndex={0}>
                {stack}
              </pre>
            </details>
          )}
        </section>
        <LetterBody letter={letter} />
      </div>
      <div class="stack">
        <Facts group={group} letter={letter} />
        <Elsewhere group={group} letter={letter} />
        <Fields title="Headers" fields={headers} />
        <Fields title="Properties" fields={properties} />
      </div>
    </div>
  )
}

function Facts({ group, letter }: Omit<WholeOneProps, 'place'>) {
  const { id, source, signature, attempts, replays, firstSeen, deadAt, route, replaysTo, contentType } = letter
  return (
    <section class="card">
      <header>
        <h2>Facts</h2>
        {id !== undefined && <a href={hrefTo(['messages', id], { source })}>its whole story</a>}
      </header>
      <dl class="facts">
        <Fact name="source">{source}</Fact>
        <Fact name="first seen">{firstSeen}</Fact>
        <Fact name="parked">{deadAt}</Fact>
        <Fact name="attempts">{attempts}</Fact>
        <Fact name="replayed">{replays === 0 ? 'never' : `${replays} times before`}</Fact>
        <Fact name="came by">{route}</Fact>
        <Fact name="would go to">{replaysTo}</Fact>
        <Fact name="content type">{contentType}</Fact>
        <Fact name="died of">
          <a href={hrefOfSame(group, signature)}>{signature}: others like it</a>
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="mono">{children ?? 'unknown'}</dd>
    </>
  )
}

function Elsewhere({ group, letter }: Omit<WholeOneProps, 'place'>) {
  const producer = system.value?.services.find(({ name }) => name === 'producer')?.url ?? 'http://127.0.0.1:3000'
  const curl = curlOf(letter, producer)
  return (
    <section class="card stack">
      <h2>The same elsewhere</h2>
      <div class="row-flex">
        {curl !== undefined && <Copy text={curl} label="Copy as curl" />}
        <Copy text={() => fixtureOf(letter, group)} label="Copy as test fixture" />
        {letter.id !== undefined && <Copy text={letter.id} label="Copy the id" />}
      </div>
      <p class="hint">curl hands the data to the producer as a new message, for every group that takes its type.</p>
    </section>
  )
}

function Fields({ title, fields }: { readonly title: string; readonly fields: Readonly<Record<string, unknown>> }) {
  const all = Object.entries(fields)
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        <span class="hint">as they are on the wire</span>
      </header>
      {all.length === 0 && <p class="hint">None.</p>}
      <dl class="facts fields">
        {all.map(([name, value]) => (
          <>
            <dt key={name} class="mono">
              {name}
            </dt>
            <dd class="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}
