import { postJson } from '../api'
import { count } from '../format'
import { choiceInWords, selectionOf, type Choice } from './choice'
import { jsonLines } from './json-lines'
import type { DryRun } from './letters'
import { afterLine, moveWords, type Action, type MoveLine } from './move-line'
import type { Work, WorkResult } from './work'
import { resultOf, type LetterLine } from './work-results'
import { beginWork } from './works'

export interface Move {
  readonly group: string
  readonly action: Action
  readonly choice: Choice
}

/** What somebody has agreed to. */
export interface Agreed {
  /** With another number nothing is touched. */
  readonly expected: number
  readonly reason: string
  readonly ratePerSecond: number | undefined
}

/** How many are selected, and where each would go; nothing is touched. */
export async function dryRun({ group, action, choice }: Move, signal: AbortSignal): Promise<DryRun> {
  // A discard is refused without a reason, also one that is not carried out.
  const reason = action === 'discard' ? { reason: 'dry run' } : {}
  const body = { selection: selectionOf(choice), dryRun: true, ...reason }
  const response = await postJson(pathOf(group, action), body, signal)
  return (await response.json()) as DryRun
}

/** Resolves once it has begun; the rest is told as a work. Rejects with a Refusal when nothing was touched. */
export async function startMove(
  { group, action, choice }: Move,
  { expected, reason, ratePerSecond }: Agreed,
): Promise<void> {
  const stopped = new AbortController()
  const body = {
    ...{ selection: selectionOf(choice), expected, each: true },
    ...(reason !== '' && { reason }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  }
  const response = await postJson(pathOf(group, action), body, stopped.signal)
  const tell = beginWork({
    ...{ group, done: 0, all: expected, says: 'begins' },
    title: `${moveWords[action].title} of ${choiceInWords(choice, group, expected)}`,
    stop: () => stopped.abort(),
  })
  void follow(response, { action, tell })
}

interface Following {
  readonly action: Action
  readonly tell: (change: Partial<Work>) => void
}

type Line = MoveLine | LetterLine | { readonly step: 'untold'; readonly letters: number }

const mostResults = 20_000

async function follow({ body }: Response, { action, tell }: Following): Promise<void> {
  let last: MoveLine | undefined
  const results: WorkResult[] = []
  let untold = 0
  try {
    if (body !== null)
      for await (const line of jsonLines<Line>(body)) {
        if (line.step === 'untold') untold += line.letters
        else if (line.step !== 'letter') tell({ ...afterLine((last = line), action), results, untold })
        else if (results.length < mostResults) results.push(resultOf(line))
        else untold++
      }
    if (last === undefined || last.step === 'begin' || last.step === 'moving') throw new Error('the answer was cut off')
  } catch (error) {
    const isStop = (error as Error).name === 'AbortError'
    const least = `at least ${count(last?.moved ?? 0)} of ${count(last?.selected ?? 0)} were ${moveWords[action].done}`
    tell({
      ...{ results, untold },
      state: isStop ? 'stopped' : 'failed',
      says: isStop
        ? `Stopped: ${least}; the others are in their place.`
        : `Not known to the end (${(error as Error).message}): ${least}; what is listed now was not.`,
    })
  }
}

function pathOf(group: string, action: Action): string {
  return `dead-letters/${encodeURIComponent(group)}/${action}`
}
