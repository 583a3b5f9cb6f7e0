import { count } from '../format'
import type { Work } from './work'

export type Action = 'replay' | 'discard'

/** What the console says while it moves letters. */
export interface MoveLine {
  readonly step: 'begin' | 'moving' | 'end' | 'stopped' | 'failed'
  readonly selected: number
  readonly moved: number
  readonly detail?: string
}

export const moveWords = {
  replay: { title: 'Replay', done: 'replayed' },
  discard: { title: 'Discard', done: 'discarded' },
} as const

type Shown = Pick<Work, 'state' | 'done' | 'all' | 'says'>

/** How a line shows. */
export function afterLine({ step, selected, moved, detail }: MoveLine, action: Action): Shown {
  const told = `${count(moved)} of ${count(selected)} ${moveWords[action].done}`
  const facts = { done: moved, all: selected }
  if (step === 'begin' || step === 'moving') return { ...facts, state: 'running', says: told }
  if (step === 'stopped') return { ...facts, state: 'stopped', says: `Stopped: ${told} (${detail ?? 'no reason'}).` }
  if (step === 'failed')
    return { ...facts, state: 'failed', says: `Failed: ${told}; the others are in their place. ${detail ?? ''}` }
  const others = moved < selected ? ' Somebody else was quicker with the rest.' : ''
  return { ...facts, state: 'done', says: `${told}.${others}` }
}
