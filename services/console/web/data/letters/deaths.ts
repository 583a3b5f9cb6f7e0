import { count, dayAndTime, duration } from '../format'

/** Over which time the letters of all kinds died. */
export interface DeathsTime {
  /** RFC 3339, of the beginning of the first piece. */
  readonly from: string
  readonly pieceSeconds: number
}

/** How a kind's deaths lie in that time, in words. */
export function deathsInWords(counts: readonly number[], { from, pieceSeconds }: DeathsTime): string {
  const all = counts.reduce((sum, many) => sum + many, 0)
  const most = Math.max(...counts)
  const [first, pieceMs] = [Date.parse(from), pieceSeconds * 1_000]
  const peak = `${count(most)} within ${duration(pieceMs)} from ${dayAndTime(first + counts.indexOf(most) * pieceMs)}`
  return `${count(all)} deaths between ${dayAndTime(first)} and ${dayAndTime(first + counts.length * pieceMs)}, at most ${peak}`
}
