import { clockTime } from '../data/format'
import type { ChartProps } from '../data/line'

type NumbersTableProps = Omit<ChartProps, 'hrefAt'> & Partial<Pick<ChartProps, 'hrefAt'>>

/** What a chart shows, for whoever does not see it or wants the figures; the newest first. */
export function NumbersTable({ label, times, lines, show, hrefAt }: NumbersTableProps) {
  const rows = times.map((at, row) => ({ at, values: lines.map(({ values }) => values[row]) })).reverse()
  return (
    <details>
      <summary class="hint">Numbers as a table</summary>
      <div class="table-scroll low" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
        <table>
          <thead>
            <tr>
              <th>From</th>
              {lines.map((line) => (
                <th key={line.label} class="number">
                  {line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, values }) => (
              <tr key={at}>
                <td>
                  {hrefAt === undefined ? (
                    clockTime(at).slice(0, 8)
                  ) : (
                    <a href={hrefAt(at)}>{clockTime(at).slice(0, 8)}</a>
                  )}
                </td>
                {values.map((value, column) => (
                  <td key={column} class="number">
                    {typeof value === 'number' ? show(value) : '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
