import { Environment, type ASTNode, type EvaluationError } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { childrenOf } from './event-path'
import { limits } from './event-types'
import { sourceOf } from './source-text'

/**
 * Calls that would let a sender keep the consumer busy, or that fail whatever the event: an event may choose neither a
 * pattern nor a text that is read as a duration, and lists of events are gone through once, not against each other.
 */
export function callMistakes(node: ASTNode): readonly string[] {
  return [...own(node), ...childrenOf(node).flatMap(callMistakes)]
}

const readers = ['matches', 'duration']
const comprehensions = ['all', 'exists', 'exists_one', 'map', 'filter']

function own(node: ASTNode): readonly string[] {
  const call = callOf(node)
  if (call === undefined) return constantMistakes(node)
  if (comprehensions.includes(call.name) && call.receiver !== undefined) return bodyMistakes(call)
  if (readers.includes(call.name) && call.args[0]?.op !== 'value')
    return [`takes what ${call.name}() reads from elsewhere; write it into the rule as a text`]
  return call.name === 'matches' ? patternMistakes(call.args[0]) : constantMistakes(node)
}

interface Call {
  readonly name: string
  readonly receiver: ASTNode | undefined
  readonly args: readonly ASTNode[]
}

function callOf(node: ASTNode): Call | undefined {
  if (node.op === 'call') return { name: node.args[0], receiver: undefined, args: node.args[1] }
  if (node.op === 'rcall') return { name: node.args[0], receiver: node.args[1], args: node.args[2] }
  return node.op === 'in' ? { name: 'in', receiver: node.args[0], args: [node.args[1]] } : undefined
}

/** Within the body, calls may be about the item alone: with what stands outside, the time would be that of all pairs. */
function bodyMistakes({ name, args }: Call): readonly string[] {
  const [variable, ...body] = args
  const item = variable?.op === 'id' ? variable.args : ''
  const outside = body.flatMap((each) => callsAbout(each, (id) => id !== item))
  return outside.length === 0
    ? []
    : [`goes through a list by ${name}() and calls ${outside[0]} there with more than "${item}"; compare with == only`]
}

function callsAbout(node: ASTNode, isOutside: (id: string) => boolean): readonly string[] {
  const call = callOf(node)
  const inner = childrenOf(node).flatMap((child) => callsAbout(child, isOutside))
  if (call === undefined || call.name === 'has') return inner
  const bound = comprehensions.includes(call.name) && call.args[0]?.op === 'id' ? [call.args[0].args] : []
  return idsIn(node).some((id) => isOutside(id) && !bound.includes(id)) ? [`${call.name}()`] : inner
}

function idsIn(node: ASTNode): readonly string[] {
  return node.op === 'id' ? [node.args] : childrenOf(node).flatMap(idsIn)
}

function patternMistakes(pattern: ASTNode | undefined): readonly string[] {
  const text = pattern?.op === 'value' ? String(pattern.args) : ''
  try {
    RE2JS.compile(text)
    return []
  } catch (error) {
    return [`has ${JSON.stringify(text)} in matches(), which is no RE2 pattern: ${(error as Error).message}`]
  }
}

const withoutEvent = new Environment(limits)

/** What reads nothing of the event comes to the same each time, so that it may as well fail now. */
function constantMistakes(node: ASTNode): readonly string[] {
  if (node.op === 'value' || node.op === 'id' || idsIn(node).length > 0) return zoneMistakes(node)
  try {
    withoutEvent.evaluate(sourceOf(node))
    return []
  } catch (error) {
    return [`can never be asked: ${(error as EvaluationError).summary} at ${sourceOf(node)}`]
  }
}

/** `event.time.getHours("Europe/Berlin")`. */
function zoneMistakes(node: ASTNode): readonly string[] {
  const call = callOf(node)
  const zone = call !== undefined && /^get[A-Z]/.test(call.name) ? call.args[0] : undefined
  if (zone?.op !== 'value' || typeof zone.args !== 'string') return []
  try {
    withoutEvent.evaluate(`timestamp("2026-01-01T00:00:00Z").getHours(${JSON.stringify(zone.args)})`)
    return []
  } catch {
    return [`names the time zone ${JSON.stringify(zone.args)}, which there is not`]
  }
}
