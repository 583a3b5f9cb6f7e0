import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { clockTime } from '../data/format'
import type { ChartProps, Line } from '../data/line'
import { colour, painted } from '../data/theme'
import { Legend } from './legend'
import { NumbersTable } from './numbers-table'

const height = 190

/** Lines over time; what it shows stands in a table beside it as well. */
export function Chart({ label, times, lines, show, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const looks = painted.value
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const made = new uPlot(optionsFor({ label, lines, show, onPick, times }, element), dataOf(times, lines), element)
    plot.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
    }
  }, [looks, label, lines.map((line) => line.label).join()])
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines])
  return (
    <>
      <div class="chart" ref={place} role="img" aria-label={`${label}, as a chart; the table below has its numbers`} />
      <Legend lines={lines} />
      <NumbersTable label={label} times={times} lines={lines} show={show} />
    </>
  )
}

function dataOf(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [times.map((at) => at / 1_000), ...lines.map(({ values }) => [...values])]
}

function optionsFor({ lines, show, onPick }: ChartProps, element: HTMLElement): uPlot.Options {
  const [grid, text] = [colour('--line'), colour('--soft')]
  const font = '11px system-ui, sans-serif'
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.12 : 1] } },
    axes: [
      {
        stroke: text,
        font,
        grid: { show: false },
        ticks: { stroke: grid, size: 4 },
        values: (_plot, ticks) => ticks.map((at) => clockTime(at * 1_000).slice(0, 5)),
      },
      {
        stroke: text,
        font,
        size: 54,
        grid: { stroke: grid, width: 1 },
        ticks: { show: false },
        values: (_plot, ticks) => ticks.map(show),
      },
    ],
    series: [
      {},
      ...lines.map(({ colour: variable, dash, label }) => ({
        label,
        stroke: colour(variable),
        width: 2,
        dash: [...dash],
        spanGaps: false,
        // A value with nothing on either side of it is no line.
        points: { show: true, size: 5, filter: alone },
      })),
    ],
    hooks: {
      setCursor: [(plot) => tell(plot, element, show)],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            const at = plot.cursor.left === undefined ? undefined : plot.posToVal(plot.cursor.left, 'x')
            if (at !== undefined) onPick?.(at * 1_000)
          }),
      ],
    },
  }
}

const alone: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? []
  const isThere = (at: number) => typeof values[at] === 'number'
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1))
}

/** The values under the pointer, as the title of the chart. */
function tell(plot: uPlot, element: HTMLElement, show: (value: number) => string): void {
  const { idx } = plot.cursor
  if (idx === null || idx === undefined) return
  const parts = plot.series.slice(1).map(({ label }, line) => {
    const value = plot.data[line + 1]?.[idx]
    return `${typeof label === 'string' ? label : ''} ${typeof value === 'number' ? show(value) : '–'}`
  })
  element.title = `${clockTime((plot.data[0][idx] ?? 0) * 1_000).slice(0, 8)}\n${parts.join('\n')}`
}
