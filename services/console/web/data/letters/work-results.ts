import type { WorkResult } from './work'

/** What the console says of one letter that was to be moved. */
export interface LetterLine {
  readonly step: 'letter'
  readonly id?: string
  readonly source?: string
  readonly type?: string
  readonly outcome: keyof typeof meanings
  readonly to?: string
  readonly detail?: string
}

/** What an outcome means where no better is told. */
const meanings = {
  replayed: '',
  discarded: '',
  gone: 'somebody else was quicker, or holds it',
  left: 'it ended before this one, which is in its place',
  refused: 'it is in its place',
  unknown: 'it may have been moved, and may be in its place as well',
} as const

export function resultOf(line: LetterLine): WorkResult {
  const { id, source, type, outcome, to, detail = meanings[outcome] } = line
  const isDone = outcome === 'replayed' || outcome === 'discarded'
  return {
    name: id ?? 'without an id',
    ...{ outcome, kind: isDone ? 'done' : 'not done', line },
    detail: isDone ? [type, to].filter(Boolean).join(' to ') : detail,
    ...(id !== undefined && { message: { id, source } }),
  }
}

/** How many had which outcome: what was not done first. */
export function outcomesOf(
  results: readonly WorkResult[],
): readonly { readonly outcome: string; readonly many: number }[] {
  const counts = new Map<string, { many: number; readonly kind: WorkResult['kind'] }>()
  for (const { outcome, kind } of results) {
    const known = counts.get(outcome) ?? { many: 0, kind }
    known.many++
    counts.set(outcome, known)
  }
  const all = [...counts].map(([outcome, { many, kind }]) => ({ outcome, many, kind }))
  return all.sort((a, b) => Number(a.kind === 'done') - Number(b.kind === 'done') || b.many - a.many)
}

export function resultLines(results: readonly WorkResult[]): string {
  return results.map(({ line }) => `${JSON.stringify(line)}\n`).join('')
}
