interface SparkProps {
  readonly counts: readonly number[]
  /** What it shows, for whoever does not see it. */
  readonly label: string
}

const height = 26
const bar = 3

/** How a number went, as bars so small that they stand in a line of text. */
export function Spark({ counts, label }: SparkProps) {
  const most = Math.max(1, ...counts)
  const width = counts.length * bar
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <path class="ground" d={`M0 ${height - 0.5}H${width}`} />
      {counts.map((many, at) => {
        // The fewest are seen as well.
        const tall = many === 0 ? 0 : Math.max(2.5, (many / most) * (height - 2))
        return many > 0 && <rect key={at} x={at * bar + 0.3} y={height - tall} width={bar - 0.6} height={tall} />
      })}
    </svg>
  )
}
