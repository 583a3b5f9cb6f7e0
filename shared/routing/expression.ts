import { Environment, type ASTNode, type EvaluationError } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { childrenOf, pathsIn, type EventPath } from './event-path'
import { limits } from './event-types'
import type { Fields } from './fields'
import { sourceOf } from './source-text'

/** `undecided`: it reads what the event has not or is null, as an unknown in SQL. */
export type Answer = 'yes' | 'no' | { readonly undecided: string }

/** Something that can be asked of an event. */
export interface Question {
  readonly text: string
  /** What it reads of an event. */
  readonly reads: readonly EventPath[]
  /** Throws a {@link Trouble} for what is no answer at all: a division by zero, a conversion that fails. */
  ask(values: Fields): Answer
}

/** A condition, and what it is joined of by &&; of one that is not joined that is itself. */
export interface Expression extends Question {
  readonly parts: readonly Question[]
}

/** An expression came to no answer. The message quotes nothing of the event. */
export class Trouble extends Error {
  override readonly name = 'Trouble'
}

const patterns = new Map<string, RE2JS>()
/** Whoever tries rules brings ever new ones. */
const mostPatterns = 1_000

// It has been checked with types by then; here every value brings its own.
const evaluating = new Environment({ ...limits, homogeneousAggregateLiterals: false })
  .registerVariable('event', 'dyn')
  .registerFunction('string.fitsPattern(string): bool', (text: string, pattern: string) => fitsPattern(text, pattern))

/** Makes an expression ready to be asked many times. Throws what CEL says of one that cannot be read. */
export function expressionOf(text: string): Expression {
  const parts = joinedIn(evaluating.parse(text).ast)
  const whole = questionOf(text)
  const all = parts.length === 1 ? [whole] : parts.map((part) => questionOf(sourceOf(part)))
  // Of two parts, CEL tells the trouble of the second alone: one that reads what is missing must not hide the other.
  const ask = (event: Fields) => {
    const answer = whole.ask(event)
    if (typeof answer === 'object') for (const part of all) part.ask(event)
    return answer
  }
  return { ...whole, ask, parts: all }
}

function questionOf(text: string): Question {
  const evaluate = evaluating.parse(inLinearTime(text))
  const ask = (event: Fields) => {
    const value = valueOrUnknown(() => evaluate({ event }))
    if (value instanceof Unknown) return { undecided: value.why }
    return value === true ? 'yes' : 'no'
  }
  return { text, reads: pathsIn(evaluate.ast), ask }
}

/** What an expression would have come to, had the event all that it reads. */
export class Unknown {
  readonly why: string

  constructor(why: string) {
    this.why = why
  }
}

/** Makes an expression ready to be worked out many times. What it gives throws a {@link Trouble}, as {@link Question.ask} does. */
export function valueExpressionOf(text: string): (event: Fields) => unknown {
  const evaluate = evaluating.parse(inLinearTime(text))
  return (event) => valueOrUnknown(() => evaluate({ event }))
}

function valueOrUnknown(evaluate: () => unknown): unknown {
  try {
    return evaluate()
  } catch (error) {
    const { code, summary } = error as EvaluationError
    if (code === 'no_such_key' || code === 'index_out_of_bounds') return new Unknown(summary)
    if (isAboutNull(error as EvaluationError)) return new Unknown('something that it reads is null')
    throw new Trouble(wordsFor(error as EvaluationError), { cause: error })
  }
}

function isAboutNull({ code, summary }: EvaluationError): boolean {
  return (code === 'no_such_overload' || code === 'no_matching_overload') && /\bnull\b/.test(summary)
}

/** Summaries of other codes quote values, which belong in no log. */
const quotesNothing = /^(division_by_zero|modulo_by_zero|no_such_overload|no_matching_overload)$/

function wordsFor({ code, summary }: EvaluationError): string {
  if (code === undefined) return 'it fails'
  return quotesNothing.test(code) ? summary.slice(0, 200) : code.replaceAll('_', ' ')
}

function joinedIn(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(joinedIn) : [node]
}

/**
 * CEL asks for RE2, whose time is linear; the package has JavaScript's patterns, for some of which a text can be made that
 * takes for ever. So `matches` becomes a function of our own.
 */
function inLinearTime(text: string): string {
  const places = [...matchesIn(evaluating.parse(text).ast)].sort((a, b) => b - a)
  return places.reduce((whole, at) => `${whole.slice(0, at)}fitsPattern${whole.slice(at + 'matches'.length)}`, text)
}

/** Where the word stands in each call. */
function matchesIn(node: ASTNode): readonly number[] {
  const below = childrenOf(node).flatMap(matchesIn)
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return below
  return [...below, node.input.indexOf('matches', node.args[1].range.end)]
}

function fitsPattern(text: string, pattern: string): boolean {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern)
  if (patterns.size >= mostPatterns) patterns.clear()
  patterns.set(pattern, compiled)
  return compiled.matcher(text).find()
}
