import { useEffect, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import { clockTime } from '../data/format'
import type { ChartProps } from '../data/line'
import { painted } from '../data/theme'
import { go } from '../router'
import { dataOf, height, plotted, pointTo } from './chart-plot'
import { Legend } from './legend'
import { NumbersTable } from './numbers-table'

/** Lines over time, with the values of one moment by pointer or arrow keys; all of them stand in a table as well. */
export function Chart(props: ChartProps) {
  const { label, times, lines, hrefAt } = props
  const { place, shown, held, hold } = usePlot(props)
  const at = placeOf(times, held ?? shown)
  const time = times[at]
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && time !== undefined) return go(hrefAt(time))
    // With one of these it is the browser's, such as going back.
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const next = moved(event.key, at, times.length - 1)
    if (next === undefined) return
    event.preventDefault()
    hold(times[next])
  }
  return (
    <>
      <div
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={`${label}, over time; Enter shows the messages of then`}
        aria-valuemin={times[0] ?? 0}
        aria-valuemax={times.at(-1) ?? 0}
        aria-valuenow={time ?? 0}
        aria-valuetext={textAt(props, at)}
        onKeyDown={onKey}
        onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && hold(time)}
        onBlur={() => hold(undefined)}
      >
        <div ref={place} />
        {shown !== undefined && (
          <div class="moment" aria-hidden="true">
            {textAt(props, at)}
          </div>
        )}
      </div>
      <Legend lines={lines} />
      <NumbersTable {...props} />
    </>
  )
}

/** What is drawn, and the time that is pointed at: by the pointer, or held by the keys. */
function usePlot(props: ChartProps) {
  const { label, times, lines } = props
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const [shown, show] = useState<number | undefined>(undefined)
  // A moment that was gone to by the keys stays, whatever comes meanwhile: it is a time, and no place on the screen.
  const held = useRef<number | undefined>(undefined)
  const hold = (time: number | undefined) => {
    held.current = time
    pointTo(plot.current, time)
  }
  const looks = painted.value
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const made = plotted(props, element, show)
    plot.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
    }
  }, [looks, label, lines.map((line) => line.label).join()])
  useEffect(() => {
    plot.current?.setData(dataOf(times, lines))
    // The plot knows where a time is once it has drawn, which it does before this.
    if (held.current !== undefined) queueMicrotask(() => pointTo(plot.current, held.current))
  }, [times, lines])
  return { place, shown, held: held.current, hold }
}

/** The last that is not later; the first where all are, and the newest where no time is meant. */
function placeOf(times: readonly number[], time = Infinity): number {
  return Math.max(
    0,
    times.findLastIndex((each) => each <= time),
  )
}

/** Where a key leads to; undefined where it leads nowhere. */
function moved(key: string, from: number, last: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 },
    ...{ PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity },
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.max(0, Math.min(last, from + step))
}

/** `09:15:20: accepted 12, processed 11, failed attempts 0`. */
function textAt({ times, lines, show }: ChartProps, at: number): string {
  const time = times[at]
  if (time === undefined) return 'nothing yet'
  const parts = lines.map(({ label, values }) => {
    const value = values[at]
    return `${label} ${typeof value === 'number' ? show(value) : 'none'}`
  })
  return `${clockTime(time).slice(0, 8)}: ${parts.join(', ')}`
}
