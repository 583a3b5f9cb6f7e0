import type { BrokerView } from '../../views/system'
import { count } from '../data/format'
import { hrefTo } from '../router'

/** The queues of each group, taken together. */
export function QueueTable({ broker: { from, detail, groups } }: { readonly broker: BrokerView }) {
  return (
    <>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th>Group</th>
              <th class="number">Ready</th>
              <th class="number">In hand</th>
              <th class="number">Retry waits</th>
              <th class="number">Dead</th>
              <th class="number">Consumers</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ name, ready, inHand, waiting, dead, consumers }) => (
              <tr key={name}>
                <td>
                  <a href={hrefTo(['timeline'], { filter: `group:${name}` })}>{name}</a>
                </td>
                <td class="number">{count(ready)}</td>
                <td class="number">{count(inHand)}</td>
                <td class="number">{count(waiting)}</td>
                <td class="number">
                  {dead === 0 ? (
                    '0'
                  ) : (
                    <a class="badge bad" href={hrefTo(['dead-letters', name])}>
                      {count(dead)}
                    </a>
                  )}
                </td>
                <td class="number">{consumers === 0 ? <span class="badge bad">none</span> : (consumers ?? '–')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {from === 'records' && <p class="hint">The broker cannot be asked ({detail}).</p>}
    </>
  )
}
