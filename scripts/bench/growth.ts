import type { BenchParts, BenchRow } from './bench-row'
import { compare, type Sample } from './comparison'
import { cpuPerMessage } from './process-facts'
import { alternate } from './rounds'

/** There are many curves, so fewer rounds than elsewhere. */
const rounds = { quick: 3, full: 7 }
export const growthRoundMs = { quick: 1_000, full: 5_000 }

export interface Curve<P extends { readonly name: string }> {
  readonly title: string
  readonly how: string
  /** The first is what the others are compared with. */
  readonly points: readonly P[]
}

/** How speed and cost change from one point of a curve to the next, each measured in every round. */
export async function growthRow<P extends { readonly name: string }>(
  { title, how, points }: Curve<P>,
  { size, asked }: BenchParts,
  turn: (point: P) => Promise<Sample>,
): Promise<BenchRow> {
  const first = points[0]
  if (first === undefined) throw new Error(`"${title}" has no points`)
  const samples = await alternate(points, { rounds: rounds[size], asked }, turn)
  const told = `${how}, ${rounds[size]} rounds in alternating order`
  return { title, how: told, drawn: cpuPerMessage, against: 'the first', results: compare(samples, first.name) }
}
