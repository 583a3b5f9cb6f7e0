import uPlot from 'uplot'
import { clockTime } from '../data/format'
import type { ChartProps, Line } from '../data/line'
import { colour } from '../data/theme'
import { go } from '../router'

export const height = 190

/** Called with the time that is pointed at; undefined for none. */
type Tell = (time: number | undefined) => void

/** The canvas of a chart, in the colours of now. A click leads to what there was then. */
export function plotted(props: ChartProps, element: HTMLElement, tell: Tell): uPlot {
  const { times, lines, hrefAt } = props
  const hooks: uPlot.Hooks.Arrays = {
    setCursor: [({ cursor, data }) => tell(typeof cursor.idx === 'number' ? timeOf(data, cursor.idx) : undefined)],
    ready: [
      (plot) =>
        plot.over.addEventListener('click', () => {
          const { left } = plot.cursor
          if (left !== undefined) go(hrefAt(plot.posToVal(left, 'x') * 1_000))
        }),
    ],
  }
  return new uPlot({ ...optionsFor(props, element.clientWidth), hooks }, dataOf(times, lines), element)
}

/** Points at a time as the pointer would, or at none. */
export function pointTo(plot: uPlot | undefined, time: number | undefined): void {
  plot?.setCursor(time === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(time / 1_000, 'x'), top: 0 })
}

// As seconds with a fraction, a time need not be the same again.
function timeOf([times]: uPlot.AlignedData, at: number): number {
  return Math.round((times[at] ?? 0) * 1_000)
}

function isBelowMinutes([first = 0, second = first + 60]: readonly number[]): boolean {
  return second - first < 60
}

export function dataOf(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [times.map((at) => at / 1_000), ...lines.map(({ values }) => [...values])]
}

function optionsFor({ lines, show }: ChartProps, width: number): uPlot.Options {
  const [grid, text] = [colour('--line'), colour('--soft')]
  const font = '11px system-ui, sans-serif'
  return {
    ...{ width, height },
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.12 : 1] } },
    axes: [
      {
        stroke: text,
        font,
        grid: { show: false },
        ticks: { stroke: grid, size: 4 },
        values: (_plot, ticks) => ticks.map((at) => clockTime(at * 1_000).slice(0, isBelowMinutes(ticks) ? 8 : 5)),
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
  }
}

const alone: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? []
  const isThere = (at: number) => typeof values[at] === 'number'
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1))
}
