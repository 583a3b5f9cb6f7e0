import { readFileSync } from 'node:fs'
import { markdownTable } from '../docs/markdown-table'

interface Figure {
  readonly test: string
  readonly what: string
  readonly value: number
  readonly unit: string
}

/** What tests have measured, as a Markdown table: for each figure how often, the median (of two the smaller) and the largest. */
export function figuresReport(files: readonly string[]): string {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  const byKind = Map.groupBy(
    lines.map((line) => JSON.parse(line) as Figure),
    ({ test, what, unit }) => JSON.stringify([test, what, unit]),
  )
  const rows = [...byKind].map(([kind, figures]) => {
    const [test = '', what = '', unit = ''] = JSON.parse(kind) as string[]
    const values = figures.map(({ value }) => value).sort((a, b) => a - b)
    return [
      test,
      what,
      String(values.length),
      shown(values[(values.length - 1) >> 1], unit),
      shown(values.at(-1), unit),
    ]
  })
  return markdownTable([['Test', 'Figure', 'Times', 'Median', 'Largest'], ...rows])
}

function shown(value: number | undefined, unit: string): string {
  return value === undefined ? '' : `${Math.round(value * 10) / 10} ${unit}`
}
