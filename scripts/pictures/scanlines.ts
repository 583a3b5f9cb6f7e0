import { deflateSync } from 'node:zlib'

export interface Rows {
  readonly rowBytes: number
  /** Bytes of one pixel. */
  readonly step: number
}

/** What a byte is told relative to: the one on its left, above it, and above on its left. */
type Predict = (left: number, up: number, upLeft: number) => number

/** In the order of their numbers in the file. */
const filters: readonly Predict[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  nearest,
]

// Taken out once: within Jest a look at a global costs more than all of the sum does.
const { abs } = Math

/** Paeth's: of the three the one that is nearest to where they lead. */
function nearest(left: number, up: number, upLeft: number): number {
  const leads = left + up - upLeft
  const [toLeft, toUp, toUpLeft] = [abs(leads - left), abs(leads - up), abs(leads - upLeft)]
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}

/** The bytes of rows of which each begins with the number of its filter. */
export function unfiltered(data: Buffer, rows: Rows): Buffer {
  const bytes = Buffer.alloc((data.length / (rows.rowBytes + 1)) * rows.rowBytes)
  for (let to = 0, from = 0; to < bytes.length;) {
    const predict = filters[data[from] ?? 0]
    if (predict === undefined) throw new Error(`a row of the PNG has the filter ${data[from]}; there are 0 to 4`)
    from++
    for (const ends = to + rows.rowBytes; to < ends; to++, from++)
      bytes[to] = (data[from] ?? 0) + predicted(bytes, to, predict, rows)
  }
  return bytes
}

/** Outside of the picture all is 0. */
function predicted(bytes: Buffer, at: number, predict: Predict, { rowBytes, step }: Rows): number {
  const hasLeft = at % rowBytes >= step
  const hasUp = at >= rowBytes
  const left = hasLeft ? (bytes[at - step] ?? 0) : 0
  const up = hasUp ? (bytes[at - rowBytes] ?? 0) : 0
  return predict(left, up, hasLeft && hasUp ? (bytes[at - rowBytes - step] ?? 0) : 0)
}

/** Compressed without a filter: of pages, with their even grounds and repeated letters, that is the smallest. */
export function compressed(bytes: Buffer, rowBytes: number): Buffer {
  const data = Buffer.alloc((bytes.length / rowBytes) * (rowBytes + 1))
  for (let from = 0, to = 1; from < bytes.length; from += rowBytes, to += rowBytes + 1)
    bytes.copy(data, to, from, from + rowBytes)
  return deflateSync(data, { level: 9, memLevel: 9 })
}
