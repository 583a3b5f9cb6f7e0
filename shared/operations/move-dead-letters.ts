import { setTimeout as wait } from 'node:timers/promises'
import type { DeadLetter, DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { lookAtDeadLetters } from './look-at-dead-letters'
import { MarkedLetters } from './marked-letters'
import { notThere } from './not-there'
import type { Selection } from './selection'

export interface Move {
  readonly action: 'replay' | 'discard'
  readonly selection: Selection
  /** At most so many a second; undefined means as fast as the broker confirms. */
  readonly ratePerSecond: number | undefined
  /** Asked once it is known how many letters are selected; a no leaves everything as it is. */
  readonly consent: (count: number) => Promise<boolean>
  /** Called before the first letter is touched. */
  readonly begin: (count: number) => void
  /** Called for each letter right before it is moved, while it cannot be lost yet. */
  readonly onLetter: (letter: DeadLetter) => void
  /** Called whenever the broker has been told of a further one; `moved` counts them. */
  readonly onMoved: (moved: number) => void
}

/** How many letters were selected; and, with consent, how many of them were moved: fewer where others were quicker. */
export type Moved =
  | { readonly kind: 'moved'; readonly selected: number; readonly moved: number }
  | { readonly kind: 'left'; readonly selected: number }

// On RabbitMQ 4.x what the first walk gave back is neither counted nor handed out for a moment.
const backWithinMs = 5_000
const askAgainAfterMs = 100

/**
 * Replays or discards the selected dead letters, each at most once, in two walks: the first marks what is selected, so
 * that a person can agree to a number; the second moves what was marked and nothing else, such as a replayed message
 * that is dead again already, and is repeated while marked ones are missing. Rejects when an id is not found. Ended in between, it leaves every letter either moved or
 * in its place; one that was being replayed may be both, which the inbox of its group absorbs.
 */
export async function moveDeadLetters(deadLetters: DeadLetters, group: GroupTopology, move: Move): Promise<Moved> {
  const marked = await mark(deadLetters, group, move.selection)
  const selected = marked.count
  if (selected === 0 || !(await move.consent(selected))) return { kind: 'left', selected }
  move.begin(selected)
  const moved = await moveMarked(deadLetters, group, { marked, move })
  return { kind: 'moved', selected, moved }
}

async function moveMarked(
  deadLetters: DeadLetters,
  group: GroupTopology,
  { marked, move }: { readonly marked: MarkedLetters; readonly move: Move },
): Promise<number> {
  const pace = paceOf(move.ratePerSecond)
  let begun = 0
  const tellLast = () => begun > 0 && move.onMoved(begun)
  const decide = async (letter: DeadLetter) => {
    if (marked.count === 0) return 'enough'
    if (!marked.take(letter)) return 'keep'
    tellLast()
    await pace()
    move.onLetter(letter)
    begun++
    return move.action
  }
  await untilQuiet(async () => {
    const before = begun
    await deadLetters.walk(group, decide)
    tellLast()
    return marked.count === 0 ? 'done' : begun > before ? 'going on' : 'nothing met'
  })
  return begun
}

async function untilQuiet(walk: () => Promise<'done' | 'going on' | 'nothing met'>): Promise<void> {
  let giveUpAt = performance.now() + backWithinMs
  for (let progress = await walk(); progress !== 'done'; progress = await walk()) {
    if (progress === 'going on') giveUpAt = performance.now() + backWithinMs
    if (performance.now() > giveUpAt) return
    await wait(askAgainAfterMs)
  }
}

async function mark(deadLetters: DeadLetters, group: GroupTopology, selection: Selection): Promise<MarkedLetters> {
  const marked = new MarkedLetters()
  const found = new Set<string | undefined>()
  const onLetter = (letter: DeadLetter) => {
    marked.mark(letter)
    if (selection.by === 'ids') found.add(letter.id)
  }
  await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter })
  if (selection.by === 'ids') refuseMissing(selection.ids, found, group)
  return marked
}

/** Before anything is done: of a list with a slip of the pen, no part is carried out. */
function refuseMissing(ids: readonly string[], found: ReadonlySet<string | undefined>, { name }: GroupTopology): void {
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0) throw notThere(missing, name)
}

function paceOf(ratePerSecond: number | undefined): () => Promise<void> {
  if (ratePerSecond === undefined) return () => Promise.resolve()
  let nextAt = performance.now()
  return async () => {
    const now = performance.now()
    if (nextAt > now) await wait(nextAt - now)
    nextAt = Math.max(now, nextAt) + 1_000 / ratePerSecond
  }
}
