import type { Told } from '../../../shared/journal/entry'
import type { Step, StepKind, ToldStep } from '../../../shared/journal/step'

let number = 0

/** A step, told under a name of its own. */
export function told(kind: StepKind, at: number, facts: Partial<Omit<Step, 'kind' | 'at'>> = {}): ToldStep {
  return { key: `test.${++number}.0`, kind, at, ...facts }
}

export interface Message {
  readonly id?: string
  readonly source?: string
  readonly type?: string
  readonly correlationId?: string
  readonly causationId?: string
}

/** What was told of a message at once. */
export function toldOf(
  { id = 'm-1', source = '/test', type = 'order.placed', ...more }: Message,
  steps: readonly ToldStep[],
): Told {
  return { message: { id, source, type, ...more }, steps }
}

/** The steps of a message that two groups handle at once, as they are told: it comes in at `at`. */
export function wholeStory(at: number): readonly ToldStep[] {
  const group = (name: string, begins: number, ends: number) => [
    told('delivered', at + begins, { group: name, attempt: 1 }),
    told('processed', at + ends, { group: name, attempt: 1 }),
  ]
  return [
    told('accepted', at),
    told('published', at + 1),
    told('routed', at + 5, { facts: { groups: ['ledger', 'mail'] } }),
    ...group('ledger', 15, 45),
    ...group('mail', 25, 125),
  ]
}
