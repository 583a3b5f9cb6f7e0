import type { DeadLetter, DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { checkedLetters, isBad, lettersIn, type Lines, type NumberedLetter } from './letters-in'
import { MarkedLetters } from './marked-letters'
import { OperationError } from './operation-error'

export interface Import {
  /** As an export wrote them. Read twice: all are checked before the first is put. */
  readonly lines: Lines
  /** The group that letters of this name go to; throws an {@link OperationError} where there is none. */
  readonly groupNamed: (name: string) => GroupTopology
  /** What becomes of a letter that lies among the dead letters already: same id, source, death, replays and body. */
  readonly present: 'skip' | 'put again'
  /** Called before the first is put. */
  readonly begin: (count: number, groups: readonly GroupTopology[]) => void
  /** Called once for each letter when it is in, or was skipped, with the number of its line. Waited for. */
  readonly onLetter: (letter: DeadLetter, done: 'imported' | 'skipped', line: number) => void | Promise<void>
  /** Ends it between two letters. */
  readonly signal: AbortSignal
}

export interface Imported {
  readonly imported: number
  readonly skipped: number
}

/**
 * Puts letters that were exported back among the dead letters of their groups, in order, each with a confirm. Rejects with
 * all bad lines, and puts none, when there are any. Ended in between it rejects with how far it came; run again, it skips
 * what is in already, for as long as nobody has moved that. What is in twice nevertheless has one effect when it is
 * replayed, since a copy bears the same id.
 */
export async function importDeadLetters(deadLetters: DeadLetters, wanted: Import): Promise<Imported> {
  const { lines, groupNamed, present, begin } = wanted
  const { count, groups } = await checkedLetters(lines, { deadLetters, groupNamed })
  const there = present === 'skip' ? await presentIn(deadLetters, groups) : new Map<string, MarkedLetters>()
  begin(count, groups)
  const done = await putAll(deadLetters, wanted, there)
  if (done.imported + done.skipped < count) throw shorter(done, count)
  return done
}

type Present = ReadonlyMap<string, MarkedLetters>

async function putAll(deadLetters: DeadLetters, wanted: Import, there: Present): Promise<Imported> {
  const { lines, groupNamed, onLetter } = wanted
  const done = { imported: 0, skipped: 0 }
  for await (const line of lettersIn(lines, { deadLetters, groupNamed })) {
    if (isBad(line)) throw interruption(done, line.number, `was changed meanwhile: ${line.why}`)
    const is = there.get(line.group.name)?.take(line.letter) === true ? 'skipped' : 'imported'
    if (is === 'imported') await putOne(deadLetters, line, { done, signal: wanted.signal })
    done[is]++
    await onLetter(line.letter, is, line.number)
  }
  return done
}

interface Progress {
  readonly done: Imported
  readonly signal: AbortSignal
}

async function putOne(
  deadLetters: DeadLetters,
  { number, kept, group }: NumberedLetter,
  { done, signal }: Progress,
): Promise<void> {
  if (signal.aborted) throw interruption(done, number, 'is not: it was interrupted')
  let how: string
  try {
    const { outcome, detail } = await deadLetters.put(kept, group)
    if (outcome === 'confirmed') return
    how = `${outcome === 'unknown' ? 'may be' : 'is not'}: ${detail}`
  } catch (error) {
    how = `is not: ${(error as Error).message}`
  }
  throw interruption(done, number, how)
}

function interruption({ imported, skipped }: Imported, number: number, how: string): OperationError {
  return new OperationError(
    `${imported} dead letters are in and ${skipped} were there, all before line ${number}; that line ${how}. To go on, repeat the command without --force: it skips what is there`,
  )
}

/** What can be read but once, such as a pipe, has nothing left the second time. */
function shorter({ imported, skipped }: Imported, count: number): OperationError {
  return new OperationError(
    `${imported} dead letters are in and ${skipped} were there, and the file ends: it had ${count} when it was checked. Import one that stays as it is`,
  )
}

/** By the name of their group. One that somebody else holds is not seen, and put again. */
async function presentIn(deadLetters: DeadLetters, groups: readonly GroupTopology[]): Promise<Present> {
  const all = new Map<string, MarkedLetters>()
  for (const group of groups) {
    const marked = new MarkedLetters()
    await deadLetters.walk(group, (letter) => {
      marked.mark(letter)
      return 'keep'
    })
    all.set(group.name, marked)
  }
  return all
}
