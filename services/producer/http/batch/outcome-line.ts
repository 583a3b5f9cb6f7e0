import { asProblem, ProblemError } from '../../../../shared/runtime/problem-error'
import { problemBody } from '../../../../shared/runtime/problem-reply'
import type { Accepted } from '../../outcome'
import type { Cut } from './read-pieces'

/** Takes one event, given as the JSON of its structured mode; rejects with a problem as a single request would. */
export type Take = (bytes: Buffer) => Promise<Accepted>

export interface BatchCounts {
  events: number
  accepted: number
  refused: number
}

interface OutcomeParts {
  /** Of the event in its batch; the first is 1. */
  readonly position: number
  readonly take: Take
  readonly counts: BatchCounts
  /** Hears of faults of ours. */
  readonly failed: (error: unknown) => void
}

/** What became of one event, as a line of JSON with what a request of its own would have been answered. */
export async function outcomeLine(piece: Cut, { position, take, counts, failed }: OutcomeParts): Promise<string> {
  try {
    if (piece.kind === 'too long') throw new ProblemError('body-too-large', 'the event has too many bytes')
    const accepted = await take(piece.bytes)
    counts.accepted++
    return JSON.stringify({ position, status: 202, ...accepted })
  } catch (error) {
    counts.refused++
    const problem = asProblem(error)
    if (problem.code === 'internal-error') failed(error)
    return problemLine(problem, { position })
  }
}

export function problemLine(problem: ProblemError, { position }: Pick<OutcomeParts, 'position'>): string {
  return JSON.stringify({ position, ...problemBody(problem, {}) })
}
