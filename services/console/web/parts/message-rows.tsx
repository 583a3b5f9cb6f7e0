import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageRow } from '../../views/message-row'
import { clockTime, duration, shortId } from '../data/format'
import { isShortcut } from '../data/letter-keys'
import { go, hrefTo } from '../router'
import { StateBadge } from './state'

const rowHeight = 38
const spare = 10

export function hrefOf({ id, source }: Pick<MessageRow, 'id' | 'source'>): string {
  return hrefTo(['messages', id], { source })
}

interface MessageRowsProps {
  readonly rows: readonly MessageRow[]
  /** Called when the end comes into sight. */
  readonly onEnd?: () => void
}

interface Latest {
  rows: readonly MessageRow[]
  chosen: number | undefined
}

/** Many messages, of which only those in sight are in the page. `j` and `k` go down and up, Enter opens. */
export function MessageRows({ rows, onEnd }: MessageRowsProps) {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  const [chosen, choose] = useState<number | undefined>(undefined)
  // Keys come faster than the page is drawn: each goes on from the one before it.
  const latest = useRef<Latest>({ rows, chosen })
  latest.current.rows = rows

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const watch = new ResizeObserver(() => setHeight(element.clientHeight))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isShortcut(event) || !['j', 'k', 'Enter'].includes(event.key)) return
      const { rows: all, chosen: number } = latest.current
      const at = all.findIndex((row) => row.number === number)
      if (event.key === 'Enter') {
        const row = all[at]
        if (row !== undefined && !isPressed(event.target)) go(hrefOf(row))
        return
      }
      const next = Math.max(0, Math.min(all.length - 1, at + (event.key === 'j' ? 1 : -1)))
      latest.current.chosen = all[next]?.number
      choose(latest.current.chosen)
      scrollTo(box.current, next)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  const first = Math.max(0, Math.floor(top / rowHeight) - spare)
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + spare)
  return (
    <div
      class="rows"
      ref={box}
      role="region"
      aria-label={`Messages, ${rows.length} loaded`}
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop)
        if (currentTarget.scrollTop + currentTarget.clientHeight > rows.length * rowHeight - 800) onEnd?.()
      }}
    >
      <ul class="space" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, at) => (
          <li key={row.number}>
            <Line row={row} top={(first + at) * rowHeight} isChosen={row.number === chosen} />
          </li>
        ))}
      </ul>
    </div>
  )
}

interface LineProps {
  readonly row: MessageRow
  readonly top: number
  readonly isChosen: boolean
}

function Line({ row, top, isChosen }: LineProps) {
  const { at, lastAt, state, type, id, groups, failure } = row
  return (
    <a class={isChosen ? 'line chosen' : 'line'} style={{ top: `${top}px` }} href={hrefOf(row)}>
      <span class="mono soft">{clockTime(at)}</span>
      <span>
        <StateBadge state={state} />
      </span>
      <span>{type}</span>
      <span class="mono soft" title={id}>
        {shortId(id)}
      </span>
      <span class={failure === undefined ? 'soft' : 'why'}>
        {failure === undefined || state === 'processed'
          ? groups.map(groupText).join(', ')
          : `${failure.reason}: ${failure.error}`}
      </span>
      <span class="mono soft">{duration(lastAt - at)}</span>
    </a>
  )
}

function groupText({ name, attempt }: MessageRow['groups'][number]): string {
  return attempt > 1 ? `${name} (attempt ${attempt})` : name
}

function scrollTo(box: HTMLElement | null, index: number): void {
  if (box === null) return
  const top = index * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight
}

/** Enter is theirs. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('a, button, summary')
}
