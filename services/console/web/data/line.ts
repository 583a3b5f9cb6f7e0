/** A line of a chart. */
export interface Line {
  readonly label: string
  /** A variable of the theme. */
  readonly colour: string
  /** By shape too, for whoever does not tell the colours apart. */
  readonly dash: readonly number[]
  /** Null where there is nothing. */
  readonly values: readonly (number | null)[]
}

export interface ChartProps {
  readonly label: string
  /** Milliseconds since 1970. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly show: (value: number) => string
  /** What there was at a time, by its own page. */
  readonly hrefAt: (at: number) => string
}
