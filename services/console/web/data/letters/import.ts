import { ask } from '../api'
import { count } from '../format'
import type { FileFacts } from './file-facts'
import { jsonLines } from './json-lines'
import type { WorkResult } from './work'
import { beginWork } from './works'

/** What the console takes in one request. */
export const mostImportBytes = 16 * 1_048_576

export interface Import {
  readonly group: string
  readonly file: Blob
  readonly facts: FileFacts
  readonly from: 'this' | 'any'
  readonly present: 'skip' | 'again'
  readonly reason: string
}

interface Line {
  readonly step?: 'end' | 'stopped' | 'failed'
  readonly line?: number
  readonly outcome?: string
  readonly id?: string
  readonly detail?: string
}

const mostResults = 20_000

/** Resolves once all lines were found good and it has begun. Rejects with a Refusal when nothing was put. */
export async function startImport({ group, file, facts, from, present, reason }: Import): Promise<void> {
  const stopped = new AbortController()
  const query = new URLSearchParams({ from, present, ...(reason !== '' && { reason }) })
  const response = await ask(`dead-letters/${encodeURIComponent(group)}/import?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: file,
    signal: stopped.signal,
  })
  const tell = beginWork({
    ...{ group, done: 0, all: facts.letters, says: 'begins' },
    title: `Import of ${count(facts.letters)} dead letter${facts.letters === 1 ? '' : 's'} into ${group}`,
    stop: () => stopped.abort(),
  })
  void follow(response, tell)
}

async function follow({ body }: Response, tell: ReturnType<typeof beginWork>): Promise<void> {
  const results: WorkResult[] = []
  const counts: Record<string, number> = {}
  let done = 0
  let last: Line | undefined
  const told = () => `${count(counts['imported'] ?? 0)} imported, ${count(counts['skipped'] ?? 0)} were there already`
  let shownAt = 0
  try {
    if (body !== null)
      for await (const line of jsonLines<Line>(body)) {
        last = line
        if (line.outcome === undefined) continue
        done++
        counts[line.outcome] = (counts[line.outcome] ?? 0) + 1
        if (results.length < mostResults) results.push(resultOf(line, line.outcome))
        if (performance.now() - shownAt < 200) continue
        shownAt = performance.now()
        tell({ done, results, untold: done - results.length, says: told() })
      }
    if (last?.step === 'end')
      return tell({ state: 'done', done, results, untold: done - results.length, says: `${told()}.` })
    throw new Error(last?.detail ?? 'the answer was cut off')
  } catch (error) {
    const isStop = (error as Error).name === 'AbortError'
    tell({
      ...{ state: isStop ? 'stopped' : 'failed', done, results, untold: done - results.length },
      says: `${isStop ? 'Stopped' : `Failed (${(error as Error).message})`}: at least ${told()}. Import it again to go on.`,
    })
  }
}

function resultOf(line: Line, outcome: string): WorkResult {
  const name = `line ${line.line}, ${line.id ?? 'without an id'}`
  return { name, outcome, kind: outcome === 'imported' ? 'done' : 'not done', line }
}
