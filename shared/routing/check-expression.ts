import { Environment, type ASTNode, type TypeCheckResult } from '@marcbachmann/cel-js'
import type { MessageType } from '../messages/message'
import { nearestName } from '../runtime/nearest-name'
import { childrenOf, pathsIn, type EventPath } from './event-path'
import { attributeTypes, limits, typesOf } from './event-types'
import { itemsOf, type JsonSchema } from './json-schema'

/** What is wrong with an expression over events of these types, one sentence each; empty means it can be asked. */
export function mistakesIn(expression: string, types: readonly MessageType[]): readonly string[] {
  const parsed = parse(expression)
  if (typeof parsed === 'string') return [parsed]
  const checked = types.map((type) => ({ type, environment: typesOf(type) }))
  const unknown = pathsIn(parsed).flatMap((path) => unknownPath(path, checked))
  if (unknown.length > 0) return unknown
  const patterns = patternMistakes(parsed)
  return patterns.length > 0 ? patterns : typeMistakes(expression, checked)
}

interface Checked {
  readonly type: MessageType
  readonly environment: Environment
}

function parse(expression: string): ASTNode | string {
  try {
    return new Environment(limits).parse(expression).ast
  } catch (error) {
    return `cannot be read: ${placed(error as TypeCheckError, expression)}`
  }
}

type TypeCheckError = NonNullable<TypeCheckResult['error']>

// Also where the expression only asks whether it is there: of what can never be there the answer is always no.
function unknownPath({ text, names }: EventPath, checked: readonly Checked[]): readonly string[] {
  const isKnown = ({ environment }: Checked) => environment.check(text).error?.code !== 'no_such_key'
  if (checked.some(isKnown)) return []
  const known = checked.flatMap(({ type }) => knownPaths(type))
  const nearest = nearestName(text, [...new Set(known)])
  const owner = names[0] === 'data' ? checked.map(({ type }) => type.name).join(' or ') : 'an event'
  return [`reads ${text}, which ${owner} does not have; did you mean ${nearest}?`]
}

function knownPaths({ schema }: MessageType): readonly string[] {
  return [...Object.keys(attributeTypes).map((name) => `event.${name}`), ...pathsBelow('event.data', schema)]
}

function pathsBelow(path: string, schema: JsonSchema): readonly string[] {
  const fields = Object.entries(schema.properties ?? itemsOf(schema)?.properties ?? {})
  return [path, ...fields.flatMap(([name, field]) => pathsBelow(`${path}.${name}`, field))]
}

/** What an event could say as a pattern could keep the consumer busy for ever; what the rule's author says is his own. */
function patternMistakes(node: ASTNode): readonly string[] {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return childrenOf(node).flatMap(patternMistakes)
  const pattern = node.args[2][0]
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    return ['takes the pattern of matches() from elsewhere; write it into the rule as a text']
  return isPattern(pattern.args)
    ? []
    : [`has ${JSON.stringify(pattern.args)} in matches(), which is no regular expression`]
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

/** A field that one type has and another has not is no mistake: the rule says no to the other. */
function typeMistakes(expression: string, checked: readonly Checked[]): readonly string[] {
  const results = checked.map(({ type, environment }) => ({ name: type.name, ...environment.check(expression) }))
  const wrong = results.find(({ error }) => error !== undefined && !isElsewhere(error, expression))
  if (wrong?.error !== undefined) return [`does not fit ${wrong.name}: ${placed(wrong.error, expression)}`]
  const isQuestion = results.every(({ valid, type }) => !valid || type === 'bool')
  return isQuestion ? [] : ['says neither true nor false; write a comparison']
}

/** It stumbles over a plain way into `event`, and each of these is known of one type at least. */
function isElsewhere({ code, range }: TypeCheckError, expression: string): boolean {
  return code === 'no_such_key' && /(^|[^.\w])event(\.\w+)+$/.test(expression.slice(0, range?.end))
}

function placed({ summary, range }: TypeCheckError, expression: string): string {
  const text = range && expression.slice(range.start, range.end)
  return `${summary}${text ? ` at ${text}` : ''}`
}
