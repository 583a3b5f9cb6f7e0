import { setTimeout as wait } from 'node:timers/promises'
import type { Action, DeadLetter, DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { lookAtDeadLetters } from './look-at-dead-letters'
import { MarkedLetters } from './marked-letters'
import { orElse, tellingOfRest, type NotMoved } from './not-moved'
import { notThere } from './not-there'
import { OperationError } from './operation-error'
import { isSelected, type Selection } from './selection'

export interface Move {
  readonly selection: Selection
  /**
   * What becomes of a selected letter. Asked of each before the first is touched, and again before it is. An
   * {@link OperationError} thrown here refuses the whole move.
   */
  readonly actionOn: (letter: DeadLetter) => Action
  /** At most so many a second; undefined means as fast as the broker confirms. */
  readonly ratePerSecond: number | undefined
  /** Asked once it is known how many letters are selected; a no leaves everything as it is. */
  readonly consent: (count: number) => Promise<boolean>
  /** Called before the first letter is touched. */
  readonly begin: (count: number) => void
  /**
   * Called for each letter right before it is moved, while it cannot be lost yet. Waited for; what it rejects with ends
   * the move, and the letter stays.
   */
  readonly onLetter: (letter: DeadLetter, action: Action) => void | Promise<void>
  /** Called once for each letter that the broker has been told of; `moved` counts them. */
  readonly onMoved: (moved: number, letter: DeadLetter, action: Action) => void
  /** Called at the end, however it ends, with those that were selected and not moved. */
  readonly onNotMoved?: ((letters: readonly NotMoved[]) => void) | undefined
  /**
   * Ends it between two letters: before the first is touched it rejects with the reason, afterwards it answers with how
   * many were moved.
   */
  readonly signal?: AbortSignal | undefined
}

/** How many letters were selected; and, with consent, how many of them were moved: fewer where others were quicker. */
export type Moved =
  | { readonly kind: 'moved'; readonly selected: number; readonly moved: number }
  | { readonly kind: 'left'; readonly selected: number }

// On RabbitMQ 4.x what the first walk gave back is neither counted nor handed out for a moment.
const backWithinMs = 5_000
const askAgainAfterMs = 100
/** The broker takes letters back from whoever has held one for half an hour, and they have to be given back by then. */
const holdAtMostMs = 1_200_000

/**
 * Replays, discards or replaces the selected dead letters, each at most once, in two walks: the first marks what is selected, so
 * that a person can agree to a number; the second moves what was marked and nothing else, such as a replayed message
 * that is dead again already, and is repeated while marked ones are missing. Rejects when an id is not found, or one of them cannot be moved so. Ended in between, it leaves every letter either moved or
 * in its place; one that was being replayed may be both, which the inbox of its group absorbs.
 */
export async function moveDeadLetters(deadLetters: DeadLetters, group: GroupTopology, move: Move): Promise<Moved> {
  const marked = await mark(deadLetters, group, move)
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
  const pace = paceOf(move.ratePerSecond, move.signal)
  let [begun, walk] = [0, { endsAt: 0, begunBefore: 0 }]
  let last: { readonly letter: DeadLetter; readonly action: Action } | undefined
  // What is not carried out after all is in its place, and among those that are told of at the end.
  const leave = (letter: DeadLetter) => (marked.mark(letter), 'enough' as const)
  const tellLast = () => {
    if (last !== undefined) move.onMoved(begun, last.letter, last.action)
    last = undefined
  }
  const decide = async (letter: DeadLetter) => {
    const isOver = begun > walk.begunBefore && pace.nextAt() > walk.endsAt
    if (marked.count === 0 || isOver || move.signal?.aborted) return 'enough'
    // A mark alone may be that of another letter which differs in nothing that marks go by.
    if (!isSelected(move.selection, letter) || !marked.take(letter)) return 'keep'
    tellLast()
    const action = move.actionOn(letter)
    await pace.turn()
    if (move.signal?.aborted) return leave(letter)
    await orElse(
      () => leave(letter),
      async () => move.onLetter(letter, action),
    )
    if (move.signal?.aborted) return leave(letter)
    begun++
    last = { letter, action }
    return action
  }
  const walkOnce = async () => {
    await pace.due()
    walk = { endsAt: performance.now() + holdAtMostMs, begunBefore: begun }
    await deadLetters.walk(group, decide)
    tellLast()
    return marked.count === 0 || move.signal?.aborted ? 'done' : begun > walk.begunBefore ? 'going on' : 'nothing met'
  }
  await tellingOfRest({ marked, move, last: () => last?.letter }, () => untilQuiet(walkOnce))
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

async function mark(
  deadLetters: DeadLetters,
  group: GroupTopology,
  { selection, actionOn, signal }: Pick<Move, 'selection' | 'actionOn' | 'signal'>,
): Promise<MarkedLetters> {
  const marked = new MarkedLetters()
  const found = new Set<string | undefined>()
  const refusals: string[] = []
  const onLetter = (letter: DeadLetter) => {
    marked.mark(letter)
    if (selection.by === 'ids') found.add(letter.id)
    refusals.push(...refusalOf(letter, actionOn))
  }
  await lookAtDeadLetters(deadLetters, group, { selection, limit: Infinity, onLetter, signal })
  if (selection.by === 'ids') refuseMissing(selection.ids, found, group)
  if (refusals.length > 0) throw new OperationError(refusals.join('\n'))
  return marked
}

function refusalOf(letter: DeadLetter, actionOn: Move['actionOn']): readonly string[] {
  try {
    actionOn(letter)
    return []
  } catch (error) {
    if (error instanceof OperationError) return [error.message]
    throw error
  }
}

/** Before anything is done: of a list with a slip of the pen, no part is carried out. */
function refuseMissing(ids: readonly string[], found: ReadonlySet<string | undefined>, { name }: GroupTopology): void {
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0) throw notThere(missing, name)
}

interface Pace {
  /** When the next may be moved, by `performance.now()`. */
  readonly nextAt: () => number
  /** Waits until then, and takes nobody's turn. */
  readonly due: () => Promise<void>
  /** Waits until then; the one after it may come later by the rate. */
  readonly turn: () => Promise<void>
}

function paceOf(ratePerSecond = Infinity, signal: AbortSignal | undefined): Pace {
  let next = 0
  const nextAt = () => Math.max(next, performance.now())
  const due = async () => {
    const leftMs = next - performance.now()
    // Ended by the signal it rejects, which is no failure here.
    if (leftMs > 0) await wait(leftMs, undefined, { signal }).catch(() => {})
  }
  const turn = async () => {
    const at = nextAt()
    await due()
    next = at + 1_000 / ratePerSecond
  }
  return { nextAt, due, turn }
}
