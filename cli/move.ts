import type { Action, DeadLetter } from '../shared/messaging/dead-letters'
import { auditedMove } from '../shared/operations/audited-move'
import type { Move, Moved } from '../shared/operations/move-dead-letters'
import { OperationError } from '../shared/operations/operation-error'
import type { Selection } from '../shared/operations/selection'
import { auditLine, userName } from './audit'
import { askFor } from './consent'
import { counted } from './counted'
import { letterJson } from './letter-json'
import { plain } from './plain'
import type { Surroundings } from './surroundings'
import { withDeadLetters, type Place } from './with-dead-letters'

/** What every move is given. */
type MoveCalls = Omit<Move, 'actionOn' | 'ratePerSecond'>

export interface MoveWords {
  readonly action: 'replay' | 'discard' | 'edit'
  readonly groupName: string
  readonly selection: Selection
  readonly yes: boolean
  /** For the audit. */
  readonly why: string | undefined
  readonly shape: 'text' | 'json'
  /** The operation itself. */
  readonly run: (place: Place, calls: MoveCalls) => Promise<Moved>
}

const past = { replay: 'replayed', discard: 'discarded', edit: 'edited' } as const
const question = { replay: 'Replay', discard: 'Discard for good', edit: 'Edit' } as const

/** Moves dead letters as the command line says: asks before more than one, tells of each, leaves an audit. */
export async function move(words: MoveWords, surroundings: Surroundings): Promise<void> {
  const { out, err } = surroundings
  const { action, groupName } = words
  const { result, isInterrupted } = await withDeadLetters(groupName, surroundings, async (place) => {
    const ended = await moveAt(place, words, surroundings)
    return { result: ended, isInterrupted: place.signal.aborted }
  })
  const moved = result.kind === 'moved' ? result.moved : 0
  const note = `${past[action]} ${counted(moved)} of group ${groupName}${moved < result.selected ? `, of ${result.selected}` : ''}`
  if (words.shape === 'json') err(note)
  else out(note)
  if (moved < result.selected) throw new OperationError(whyNotAll(result, words, isInterrupted))
}

function moveAt(place: Place, words: MoveWords, surroundings: Surroundings): Promise<Moved> {
  const { action, selection, why } = words
  const { out, taken, err } = surroundings
  const journalFailed = (reason: string) =>
    err(`handoff: the journal does not take what was done (${reason}); it is done all the same`)
  const parts = { ...place, action, selection, by: userName(), why, journalFailed }
  return auditedMove({ ...parts, audit: (step, facts) => err(auditLine(step, facts)) }, (told) =>
    words.run(place, {
      ...told,
      selection,
      signal: place.signal,
      consent: (count) => consent(count, { words, surroundings, signal: place.signal }),
      onLetter: async (letter, done) => {
        out(words.shape === 'json' ? jsonOf(letter, done) : lineOf(action, letter, done))
        // What is only in our memory yet would be gone with us, and the letter with it.
        await taken(place.signal)
        await told.onLetter(letter, done)
      },
    }),
  )
}

interface Asking {
  readonly words: MoveWords
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
}

function consent(count: number, { words, surroundings, signal }: Asking): Promise<boolean> {
  const { action, groupName, yes } = words
  if (yes || count <= 1) return Promise.resolve(true)
  const text = `${question[action]} ${counted(count)} of group ${groupName}?`
  return askFor({ text, withoutAsking: 'repeat the command with --yes' }, surroundings, signal)
}

/** Of a move that left some of what was selected where it was. */
function whyNotAll(result: Moved, { action, groupName }: MoveWords, isInterrupted: boolean): string {
  if (result.kind === 'left')
    return `nothing was ${past[action]}, since ${isInterrupted ? 'it was interrupted' : 'the answer was not yes'}`
  const rest = counted(result.selected - result.moved)
  const why = isInterrupted
    ? `interrupted; ${rest} stayed where they were, see:`
    : `${rest} could not be met again: somebody else holds or has moved them; see:`
  return `${why} npx handoff dead list ${groupName}`
}

function lineOf(action: MoveWords['action'], { id, type, reason }: DeadLetter, done: Action): string {
  const [named = '-', typed = '-', why = '-'] = [id, type, reason].map((each) => each && plain(each))
  return `${action}  ${named}  ${typed}  ${why}${typeof done === 'string' ? '' : `  sent as ${done.by.id}`}`
}

function jsonOf(letter: DeadLetter, done: Action): string {
  return typeof done === 'string' ? letterJson(letter) : letterJson(letter, { sentAs: done.by.id })
}
