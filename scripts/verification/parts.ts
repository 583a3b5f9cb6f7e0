import type { History } from '../../shared/verification/history'
import type { DeadLetter } from '../../shared/verification/judge'
import type { Part } from '../../shared/verification/judged'
import type { Effects } from './effects'

export interface Whole {
  readonly history: Pick<History, 'read' | 'attempts'>
  readonly effects: Pick<Effects, 'of'>
  readonly parked: readonly DeadLetter[]
}

const attemptsInPart = 50_000

/** A run in parts, each with all that is known of its subjects, so that a million messages need no more memory than some. */
export async function* partsOf({ history, effects, parked }: Whole): AsyncGenerator<Part> {
  const parts = Math.max(1, Math.ceil(history.attempts / attemptsInPart))
  for (let part = 0; part < parts; part++) {
    const isInPart = (subject: string) => hashOf(subject) % parts === part
    yield {
      history: await history.read(isInPart),
      found: { effects: effects.of(isInPart), parked: parked.filter(({ subject }) => isInPart(subject)) },
    }
  }
}

/** FNV-1a, 32 bits: spreads subjects evenly. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
