import { Environment, type ASTNode, type TypeCheckResult } from '@marcbachmann/cel-js'
import type { MessageType } from '../messages/message'
import { nearestName } from '../runtime/nearest-name'
import { callMistakes } from './call-mistakes'
import { pathsIn, type EventPath } from './event-path'
import { attributeTypes, fieldNamesIn, limits, pathsBelow, typesOf } from './event-types'
import type { JsonSchema } from './json-schema'

/** What an expression comes to: an answer, or the key of a message. */
export type Wanted = 'yes or no' | 'text or number'

/** What is wrong with an expression over events of these types, one sentence each; empty means it can be asked. */
export function mistakesIn(
  expression: string,
  types: readonly MessageType[],
  wanted: Wanted = 'yes or no',
): readonly string[] {
  const parsed = parse(expression)
  if (typeof parsed === 'string') return [parsed]
  const checked = types.map((type) => ({ type, environment: typesOf(type, types) }))
  const unknown = pathsIn(parsed).flatMap((path) => unknownPath(path, checked))
  if (unknown.length > 0) return unknown
  const calls = callMistakes(parsed)
  return calls.length > 0 ? calls : typeMistakes(expression, checked, wanted)
}

interface Checked {
  readonly type: MessageType
  readonly environment: Environment
}

type TypeCheckError = NonNullable<TypeCheckResult['error']>

function parse(expression: string): ASTNode | string {
  try {
    return new Environment(limits).parse(expression).ast
  } catch (error) {
    const { summary, range } = error as TypeCheckError
    return `cannot be read: ${summary}${textAt(range, expression)}`
  }
}

// Also where the expression only asks whether it is there: of what can never be there the answer is always no.
function unknownPath({ text, names }: EventPath, checked: readonly Checked[]): readonly string[] {
  const isKnown = ({ environment }: Checked) => environment.check(text).error?.code !== 'no_such_key'
  if (checked.some(isKnown)) return []
  if (names[0] !== 'data')
    return [`reads ${text}, which an event does not have; ${meant(text, Object.keys(attributeTypes), names)}`]
  const known = checked.flatMap(({ type }) => pathsBelow('event.data', type.schema as JsonSchema))
  const owner = checked.map(({ type }) => type.name).join(' or ')
  return [`reads ${text}, which ${owner} does not have; did you mean ${nearestName(text, known)}?`]
}

/** An attribute of its own, unless it looks like one of ours or like the data. */
function meant(text: string, attributes: readonly string[], [first = '', ...rest]: readonly string[]): string {
  const nearest = nearestName(first, [...attributes, 'data']) ?? ''
  const isClose = [...first].filter((letter) => !nearest.includes(letter)).length <= 1 && nearest[0] === first[0]
  const path = ['event', nearest, ...rest].join('.')
  return isClose && text !== path ? `did you mean ${path}?` : `an extension is event.extensions["${first}"]`
}

const comesTo: Readonly<Record<Wanted, { readonly types: readonly string[]; readonly mistake: string }>> = {
  'yes or no': { types: ['bool'], mistake: 'says neither true nor false; write a comparison' },
  'text or number': {
    types: ['string', 'int', 'uint', 'double'],
    mistake: 'gives neither a text nor a number; name a field that is one, or convert it by string()',
  },
}

function typeMistakes(expression: string, checked: readonly Checked[], wanted: Wanted): readonly string[] {
  // What has() asks for is not looked at by the checker.
  const withoutHas = expression.replaceAll(/\bhas\(\s*([^()]+?)\s*\)/g, '($1 == $1)')
  for (const { type, environment } of checked)
    for (const text of [expression, withoutHas]) {
      const { error } = environment.check(text)
      if (error !== undefined) return [`does not fit ${type.name}: ${error.summary}${hint(error, type)}`]
    }
  const { types, mistake } = comesTo[wanted]
  return checked.every(({ environment }) => types.includes(environment.check(expression).type ?? '')) ? [] : [mistake]
}

function hint({ code, summary, range, node }: TypeCheckError, { schema }: MessageType): string {
  if (code !== 'no_such_key') return textAt(range, node?.input ?? '')
  const name = /: (.+)$/.exec(summary)?.[1] ?? ''
  const nearest = nearestName(name, fieldNamesIn(schema))
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

function textAt(range: TypeCheckError['range'], expression: string): string {
  const text = range && expression.slice(range.start, range.end)
  return text ? ` at ${text}` : ''
}
