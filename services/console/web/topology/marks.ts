import type { TopologyNode } from '../../views/topology'

/** Something about an object that a person should see at once. */
export type Mark = 'missing' | 'differing' | 'extra' | 'outside' | 'unsafe' | 'no consumer'

export interface MarkLook {
  readonly symbol: string
  readonly tone: 'bad' | 'wait' | 'kept' | 'plain'
  readonly words: string
}

/** The colour is never alone: each has a symbol and words. The gravest first. */
export const markLooks: Readonly<Record<Mark, MarkLook>> = {
  missing: { symbol: '×', tone: 'bad', words: 'missing' },
  'no consumer': { symbol: '!', tone: 'bad', words: 'no consumer' },
  unsafe: { symbol: '!', tone: 'bad', words: 'unsafe policy' },
  differing: { symbol: '≠', tone: 'wait', words: 'differs' },
  extra: { symbol: '+', tone: 'kept', words: 'nobody declared it' },
  outside: { symbol: '↗', tone: 'plain', words: 'of another name' },
}

const gravest = Object.keys(markLooks) as readonly Mark[]

export function marksOf({ state, policy, attended }: TopologyNode): readonly Mark[] {
  const marks: readonly (Mark | undefined)[] = [
    state === 'there' ? undefined : state,
    attended === 'by nobody' ? 'no consumer' : undefined,
    (policy?.unsafe.length ?? 0) > 0 ? 'unsafe' : undefined,
  ]
  return inOrder(marks.filter((mark) => mark !== undefined))
}

/** Each once, the gravest first. */
export function inOrder(marks: readonly Mark[]): readonly Mark[] {
  return gravest.filter((mark) => marks.includes(mark))
}
