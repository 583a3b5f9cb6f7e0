import type { MessageRow } from '../../views/message-row'
import { clockTime, duration, shortId } from '../data/format'
import { hrefTo } from '../router'
import { hrefOf } from './message-rows'
import { StateBadge } from './state'

/** The messages that came last. */
export function Latest({ rows }: { readonly rows: readonly MessageRow[] }) {
  return (
    <section class="card">
      <header>
        <h2>Latest messages</h2>
        <a href={hrefTo(['timeline'])}>all of them</a>
      </header>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th>At</th>
              <th>State</th>
              <th>Type</th>
              <th>Id</th>
              <th class="number">Took</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.number}>
                <td class="mono">{clockTime(row.at)}</td>
                <td>
                  <StateBadge state={row.state} />
                </td>
                <td>{row.type}</td>
                <td>
                  <a class="mono" href={hrefOf(row)}>
                    {shortId(row.id)}
                  </a>
                </td>
                <td class="number">{duration(row.lastAt - row.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
