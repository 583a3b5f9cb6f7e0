import type { ChangeView, MoveView, WhatIfView } from '../../views/routes'
import { count, many, shortId } from '../data/format'
import { Banner } from '../parts/banner'
import { Empty } from '../parts/empty'
import { hrefTo } from '../router'

/** What came of a trial: how many would go another way, which way, which they are, and of how many nothing can be said. */
export function Outcome({ outcome }: { readonly outcome: WhatIfView }) {
  const { asked, total, moves, changed, untold } = outcome
  if (asked === 0)
    return (
      <section class="card">
        <Empty icon="timeline" title="There are no such messages in memory">
          <p>Nothing has been sent since yesterday, or the filter lets nothing through.</p>
        </Empty>
      </section>
    )
  const told = asked - untold.count
  return (
    <section class="card stack" aria-labelledby="outcome">
      <h2 id="outcome">
        {told === 0
          ? `Of ${many(asked, 'message')} nothing can be said`
          : `${total === 0 ? 'None' : count(total)} of ${many(told, 'message')}${untold.count > 0 ? ' that can be told' : ''} would go another way`}
      </h2>
      <Shares
        parts={[
          ['other', total, 'would go another way'],
          ['as-before', told - total, 'as before'],
          ['untold', untold.count, 'cannot be told'],
        ]}
      />
      {untold.because.map(({ why, words, count: of }) => (
        <Banner key={why} tone="wait">
          {count(of)} cannot be told: {words}.
        </Banner>
      ))}
      {moves.length > 0 && <Moves moves={moves} />}
      {changed.length > 0 && <Changed changed={changed} total={total} />}
    </section>
  )
}

type Share = readonly [name: string, of: number, words: string]

function Shares({ parts }: { readonly parts: readonly Share[] }) {
  const some = parts.filter(([, of]) => of > 0)
  return (
    <ul class="shares">
      {some.map(([name, of, words]) => (
        <li key={name} class={name} style={{ flexGrow: of }}>
          {count(of)} {words}
        </li>
      ))}
    </ul>
  )
}

function Moves({ moves }: { readonly moves: readonly MoveView[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="How their ways change">
      <table>
        <thead>
          <tr>
            <th class="number">Messages</th>
            <th>Was</th>
            <th>Would be</th>
          </tr>
        </thead>
        <tbody>
          {moves.map(({ words: [before, after], count: of }) => (
            <tr key={`${before} → ${after}`}>
              <td class="number">{count(of)}</td>
              <td>{before}</td>
              <td>
                <strong>{after}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ChangedProps {
  readonly changed: readonly ChangeView[]
  readonly total: number
}

function Changed({ changed, total }: ChangedProps) {
  return (
    <details open>
      <summary>
        Which: {total > changed.length ? `the newest ${count(changed.length)}, and there are more` : 'the newest first'}
      </summary>
      <div class="table-scroll moves" tabIndex={0} role="region" aria-label="Messages that would go another way">
        <table>
          <tbody>
            {changed.map(({ id, source, type, words: [before, after] }) => (
              <tr key={`${source} ${id}`}>
                <td>
                  <a class="mono" href={hrefTo(['messages', id], { source })} title={id}>
                    {shortId(id)}
                  </a>
                </td>
                <td>{type}</td>
                <td>
                  {before} → {after}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
