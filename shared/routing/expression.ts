import { Environment, serialize, type ASTNode, type EvaluationError } from '@marcbachmann/cel-js'
import { pathsIn, type EventPath } from './event-path'
import { limits } from './event-types'
import type { EventValues } from './event-values'

/** `undecided`: it reads what the event has not, as an unknown in SQL. */
export type Answer = 'yes' | 'no' | { readonly undecided: string }

/** Something that can be asked of an event. */
export interface Question {
  readonly text: string
  /** What it reads of an event. */
  readonly reads: readonly EventPath[]
  /** Throws what CEL throws, other than for what is missing: a division by zero, a conversion that fails. */
  ask(values: EventValues): Answer
}

/** A condition, and what it is joined of by &&; of one that is not joined that is itself. */
export interface Expression extends Question {
  readonly parts: readonly Question[]
}

// It has been checked with types by then; here every value brings its own.
const evaluating = new Environment(limits).registerVariable('event', 'dyn')
const missing: ReadonlySet<string> = new Set(['no_such_key', 'index_out_of_bounds'])

/** Makes a checked expression ready to be asked many times. */
export function expressionOf(text: string): Expression {
  const whole = questionOf(text)
  const parts = joinedIn(evaluating.parse(text).ast)
  return { ...whole, parts: parts.length === 1 ? [whole] : parts.map((part) => questionOf(serialize(part))) }
}

function questionOf(text: string): Question {
  const evaluate = evaluating.parse(text)
  return { text, reads: pathsIn(evaluate.ast), ask: (event) => answerOf(() => evaluate({ event })) }
}

function answerOf(evaluate: () => unknown): Answer {
  try {
    return evaluate() === true ? 'yes' : 'no'
  } catch (error) {
    const { code, summary } = error as EvaluationError
    if (missing.has(code)) return { undecided: summary }
    throw error
  }
}

function joinedIn(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(joinedIn) : [node]
}
