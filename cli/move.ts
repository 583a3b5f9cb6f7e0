import type { DeadLetter } from '../shared/messaging/dead-letters'
import { moveDeadLetters, type Moved } from '../shared/operations/move-dead-letters'
import { OperationError } from '../shared/operations/operation-error'
import type { Selection } from '../shared/operations/selection'
import { auditLine, type AuditFacts } from './audit'
import { askFor } from './consent'
import { counted } from './counted'
import { letterJson } from './letter-json'
import { plain } from './plain'
import type { Surroundings } from './surroundings'
import { withDeadLetters, type Place } from './with-dead-letters'

export interface MoveWords {
  readonly action: 'replay' | 'discard'
  readonly groupName: string
  readonly selection: Selection
  readonly ratePerSecond: number | undefined
  readonly yes: boolean
  /** For the audit. */
  readonly why: string | undefined
  readonly shape: 'text' | 'json'
}

const past = { replay: 'replayed', discard: 'discarded' }

/** Moves dead letters as the command line says: asks before more than one, tells of each, leaves an audit. */
export async function move(words: MoveWords, surroundings: Surroundings): Promise<void> {
  const { out, err } = surroundings
  const { action, groupName } = words
  const result = await withDeadLetters(groupName, surroundings, (place) => moveAt(place, words, surroundings))
  const moved = result.kind === 'moved' ? result.moved : 0
  const note = `${past[action]} ${counted(moved)} of group ${groupName}${moved < result.selected ? `, of ${result.selected}` : ''}`
  if (words.shape === 'json') err(note)
  else out(note)
  if (moved < result.selected) throw new OperationError(whyNotAll(result, words))
}

async function moveAt({ deadLetters, group, namespace }: Place, words: MoveWords, surroundings: Surroundings) {
  const { action, selection, ratePerSecond, shape, why } = words
  const { out, err } = surroundings
  let facts: AuditFacts | undefined
  const begin = (selected: number) => {
    const told = { ...(why !== undefined && { why }), selected, moved: 0 }
    facts = { action, broker: deadLetters.place, namespace, group: group.name, selection, ...told }
    err(auditLine('begin', facts))
  }
  try {
    return await moveDeadLetters(deadLetters, group, {
      action,
      selection,
      ratePerSecond,
      consent: (count) => consent(count, words, surroundings),
      begin,
      onLetter: (letter) => out(shape === 'json' ? letterJson(letter) : lineOf(action, letter)),
      onMoved: (moved) => (facts = facts && { ...facts, moved }),
    })
  } finally {
    if (facts) err(auditLine('end', facts))
  }
}

function consent(count: number, words: MoveWords, surroundings: Surroundings): Promise<boolean> {
  const { action, groupName, yes } = words
  if (yes || count <= 1) return Promise.resolve(true)
  const text = `${action === 'replay' ? 'Replay' : 'Discard for good'} ${counted(count)} of group ${groupName}?`
  return askFor({ text, withoutAsking: 'repeat the command with --yes' }, surroundings)
}

/** Of a move that left some of what was selected where it was. */
function whyNotAll(result: Moved, { action, groupName }: MoveWords): string {
  if (result.kind === 'left') return `nothing was ${past[action]}, since the answer was not yes`
  return `${counted(result.selected - result.moved)} could not be met again: somebody else holds or has moved them; see: npx handoff dead list ${groupName}`
}

function lineOf(action: MoveWords['action'], { id, type, reason }: DeadLetter): string {
  const [named = '-', typed = '-', why = '-'] = [id, type, reason].map((each) => each && plain(each))
  return `${action}  ${named}  ${typed}  ${why}`
}
