import type { Group } from '../../messages/group'
import type { MessageType } from '../../messages/message'
import { fitsTopic } from '../../messages/topic-pattern'
import { nearestName } from '../../runtime/nearest-name'
import { mistakesIn } from '../check-expression'
import type { RouteActions, RouteRule } from './route-rule'
import { actions, type WrittenRule } from './routes-schema'

/** What rules are held against. */
export interface Known {
  readonly catalogue: readonly MessageType[]
  readonly groups: readonly Group[]
}

/** What is wrong with a rule, at one of its keys. */
export interface RuleMistake {
  readonly key: keyof WrittenRule
  readonly text: string
}

export type ReadRule =
  | { readonly kind: 'rule'; readonly rule: RouteRule }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly RuleMistake[] }

/** A rule of the right shape, held against types and groups. */
export function ruleOf(written: WrittenRule, known: Known): ReadRule {
  const { name, attributes = {}, when } = written
  const matched = matchedBy(written, known.catalogue)
  if (typeof matched === 'string') return { kind: 'mistakes', mistakes: [{ key: 'match', text: matched }] }
  const mistakes = [
    ...actionMistakes(written),
    ...attributeMistakes(attributes),
    ...groupMistakes(written, matched, known.groups),
    ...expressionMistakes(written, matched),
  ]
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes }
  return { kind: 'rule', rule: Object.freeze({ name, types: matched, attributes, when, does: actionsOf(written) }) }
}

function actionsOf({ route, copy, drop, delay, key, priority }: WrittenRule): RouteActions {
  return {
    ...(route !== undefined && { route: [...new Set(route)] }),
    ...(copy !== undefined && { copy: [...new Set(copy)] }),
    ...(drop !== undefined && { drop }),
    ...(delay !== undefined && { delaySeconds: delay }),
    ...(key !== undefined && { key }),
    ...(priority !== undefined && { priority }),
  }
}

/** Whether it decides about queues, which a command has one of. */
function choosesQueues({ route, copy, drop }: WrittenRule): boolean {
  return route !== undefined || copy !== undefined || drop !== undefined
}

function matchedBy(written: WrittenRule, catalogue: readonly MessageType[]): readonly MessageType[] | string {
  const { match } = written
  const patterns = typeof match === 'string' ? [match] : match
  const types = choosesQueues(written) ? catalogue.filter(({ kind }) => kind === 'event') : catalogue
  const found = patterns.map((pattern) => types.filter(({ name }) => fitsTopic(pattern, name)))
  const without = patterns.find((_, at) => found[at]?.length === 0)
  if (without !== undefined) return noneFits(without, types, catalogue)
  return [...new Set(found.flat())]
}

function noneFits(pattern: string, types: readonly MessageType[], catalogue: readonly MessageType[]): string {
  const command = catalogue.find(({ name, kind }) => name === pattern && kind === 'command')
  if (command !== undefined)
    return `names the command "${pattern}", which has exactly one group; route, copy and drop are for events alone`
  const nearest = nearestName(
    pattern,
    types.map(({ name }) => name),
  )
  return `has the pattern "${pattern}", which no type fits; did you mean ${nearest ?? 'a type of the catalogue'}?`
}

function actionMistakes(written: WrittenRule): readonly RuleMistake[] {
  const given = actions.filter((action) => written[action] !== undefined)
  if (given.length === 0) return [{ key: 'name', text: `does nothing; give it ${actions.join(', ')}` }]
  const beside = given.filter((action) => action !== 'drop')
  if (written.drop === undefined || beside.length === 0) return []
  return [{ key: 'drop', text: `drops the event, so that its ${beside.join(' and ')} decides nothing; leave one out` }]
}

// They are said in other words, and are not among the attributes that a rule sees.
const noAttributes = ['data', 'specversion', 'datacontenttype']

function attributeMistakes(attributes: object): readonly RuleMistake[] {
  return Object.keys(attributes)
    .filter((name) => noAttributes.includes(name))
    .map((name) => ({ key: 'attributes', text: `asks for "${name}", which is no attribute that a rule can ask for` }))
}

function groupMistakes(
  { route = [], copy = [] }: WrittenRule,
  types: readonly MessageType[],
  groups: readonly Group[],
): readonly RuleMistake[] {
  const told = (key: 'route' | 'copy') => (name: string) =>
    whyNot(name, types, groups).map((text): RuleMistake => ({ key, text }))
  return [...route.flatMap(told('route')), ...copy.flatMap(told('copy'))]
}

function whyNot(name: string, types: readonly MessageType[], groups: readonly Group[]): readonly string[] {
  const group = groups.find((each) => each.name === name)
  if (group === undefined) {
    const nearest = nearestName(
      name,
      groups.map((each) => each.name),
    )
    return [`names the group "${name}", which there is not; did you mean ${nearest}?`]
  }
  return types
    .filter((type) => !group.types.some((each) => each.name === type.name))
    .map(
      ({ name: type }) =>
        `names the group "${name}", which does not take "${type}"; write byRoute of it into the group in groups.ts, and a handler`,
    )
}

function expressionMistakes({ when, key }: WrittenRule, types: readonly MessageType[]): readonly RuleMistake[] {
  const inWhen = when === undefined ? [] : mistakesIn(when, types)
  const inKey = key === undefined ? [] : mistakesIn(key, types, 'text or number')
  return [
    ...inWhen.map((text): RuleMistake => ({ key: 'when', text })),
    ...inKey.map((text): RuleMistake => ({ key: 'key', text: `has a key that ${text}` })),
  ]
}
