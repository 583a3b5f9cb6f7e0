import type { RatesTold } from '../../views/topology'
import { rate } from '../data/format'
import { plainName } from './names'

/** Where the rates are from, and of which time. */
export function RatesNote({ rates }: { readonly rates: RatesTold }) {
  const { by, seconds, handedSeconds, share } = rates
  const part = share < 1 ? `, which tells of ${Number((100 * share).toPrecision(2))} % of messages` : ''
  const journal = `by our records in the journal${part}, the last ${handedSeconds} s`
  const counters =
    seconds === undefined ? 'with the next look' : `by the broker’s counters, the last ${Math.round(seconds)} s`
  return (
    <p class="hint topo-rates">
      Messages a second: {by === 'records' ? journal : `${counters}; from an exchange to a group ${journal}`}.
    </p>
  )
}

/** What exchanges hand to groups, by type; nothing where nothing flows. */
export function HandedTable({
  rates: { handed },
  namespace,
}: {
  readonly rates: RatesTold
  readonly namespace: string
}) {
  if (handed.length === 0) return null
  return (
    <>
      <h2>
        Handed to groups <span class="hint">by our records</span>
      </h2>
      <div class="table-scroll">
        <table class="topo-table">
          <thead>
            <tr>
              <th>Exchange</th>
              <th>Type</th>
              <th>Group</th>
              <th class="number">Rate /s</th>
            </tr>
          </thead>
          <tbody>
            {handed.map(({ exchange, type, group, perSecond }) => (
              <tr key={`${type} ${group}`}>
                <td>{plainName(exchange, namespace)}</td>
                <td>{type}</td>
                <td>{group}</td>
                <td class="number">{rate(perSecond)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
