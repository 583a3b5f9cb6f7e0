import { setImmediate as turn } from 'node:timers/promises'
import type { DeadLetter, DeadLetters, KeptLetter } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { readLine } from './letter-line'
import { OperationError } from './operation-error'

/** The lines of a file; each call reads it from its beginning. */
export type Lines = () => AsyncIterable<string>

/** A line that can be imported. */
export interface NumberedLetter {
  /** The line's; the first is 1. */
  readonly number: number
  readonly kept: KeptLetter
  readonly letter: DeadLetter
  readonly group: GroupTopology
}

export interface Reading {
  readonly deadLetters: Pick<DeadLetters, 'read'>
  /** The group of that name; throws an {@link OperationError} where there is none. */
  readonly groupNamed: (name: string) => GroupTopology
}

export interface BadLine {
  /** The first is 1. */
  readonly number: number
  readonly why: string
}

/** Lines that are no dead letters that could be put. */
export class BadLines extends OperationError {
  /** At most 100 of them. */
  readonly lines: readonly BadLine[]

  constructor(lines: readonly BadLine[], counts: { readonly bad: number; readonly all: number }) {
    super(refusalOf(lines, counts))
    this.lines = lines
  }
}

const mostBadLines = 100
/** What reading may take of the event loop at a time: lines that lie in memory already would take all of it. */
const turnMs = 10

/** Reads line by line, leaving out empty ones; a line that is no letter is handed over with why. */
export async function* lettersIn(lines: Lines, reading: Reading): AsyncIterable<NumberedLetter | BadLine> {
  let number = 0
  let turnSince = performance.now()
  for await (const line of lines()) {
    number++
    if (performance.now() - turnSince > turnMs) {
      await turn()
      turnSince = performance.now()
    }
    if (line.trim() !== '') yield letterOn(line, number, reading)
  }
}

/**
 * Reads all lines and answers with how many letters they are and of which groups. Throws {@link BadLines},
 * or an {@link OperationError} when there is none at all.
 */
export async function checkedLetters(
  lines: Lines,
  reading: Reading,
): Promise<{ readonly count: number; readonly groups: readonly GroupTopology[] }> {
  const told: BadLine[] = []
  let bad = 0
  const groups = new Set<GroupTopology>()
  let count = 0
  for await (const each of lettersIn(lines, reading)) {
    count++
    if (!isBad(each)) groups.add(each.group)
    else if (++bad <= mostBadLines) told.push(each)
  }
  if (bad > 0) throw new BadLines(told, { bad, all: count })
  if (count === 0) throw new OperationError('there is no dead letter in it; write one with: npx handoff dead export')
  return { count, groups: [...groups] }
}

export function isBad(line: NumberedLetter | BadLine): line is BadLine {
  return 'why' in line
}

function letterOn(line: string, number: number, { deadLetters, groupNamed }: Reading): NumberedLetter | BadLine {
  try {
    const { group: name, kept } = readLine(line)
    const group = groupNamed(name)
    return { number, kept, letter: deadLetters.read(kept, group), group }
  } catch (error) {
    return { number, why: (error as Error).message }
  }
}

function refusalOf(lines: readonly BadLine[], { bad, all }: { readonly bad: number; readonly all: number }): string {
  const told = lines.map(({ number, why }) => `line ${number}: ${why}`)
  const rest = bad > lines.length ? [`and ${bad - lines.length} more`] : []
  return [`nothing was imported, since ${bad} of ${all} lines cannot be`, ...told, ...rest].join('\n')
}
