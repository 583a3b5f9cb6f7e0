import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

interface VirtualRowsProps<T> {
  readonly rows: readonly T[]
  readonly label: string
  /** Of the box, in pixels; fewer rows make it smaller. */
  readonly height: number
  readonly row: (of: T) => ComponentChildren
}

const rowHeight = 34
const spare = 8

/** Many lines of one height, of which only those in sight are in the page. */
export function VirtualRows<T>({ rows, label, height, row }: VirtualRowsProps<T>) {
  const [top, setTop] = useState(0)
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), rows.length) - spare)
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + spare)
  return (
    <div
      class="virtual"
      role="region"
      aria-label={label}
      tabIndex={0}
      style={{ height: `${Math.min(height, rows.length * rowHeight)}px` }}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      <ul style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((each, at) => (
          <li
            key={first + at}
            aria-setsize={rows.length}
            aria-posinset={first + at + 1}
            style={{ top: `${(first + at) * rowHeight}px` }}
          >
            {row(each)}
          </li>
        ))}
      </ul>
    </div>
  )
}
