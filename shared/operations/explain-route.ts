import type { Group } from '../messages/group'
import type { MessageType } from '../messages/message'
import type { Binding, DeclaredWays } from '../messaging/broker-objects'
import { timeNames, waitMs } from '../messaging/timing'
import type { Route } from '../messaging/transport'
import type { RuleAnswer } from '../routing/compiled-rule'
import type { RoutedEvent } from '../routing/routed-event'
import type { RouteDecision } from '../routing/routes/decision'
import type { RouteSet } from '../routing/routes/route-set'
import type { GroupAnswer, Routing } from '../routing/routing'
import { bindingFits } from './binding-fits'
import { extensionsBy } from './routes/extensions-by'
import { explainRules, ruleThatNames, type RouteRuleExplanation } from './routes/explain-rules'

/** Where a message would go, and why; nothing is published to find out. */
export interface RouteExplanation {
  readonly event: { readonly id: string; readonly source: string; readonly type: string }
  readonly kind: MessageType['kind']
  /** When it is due, RFC 3339, where it has to wait: `exchange` is then the one that it comes out of. */
  readonly dueAt?: string
  readonly exchange: string
  readonly routingKey: string
  /** Through which it goes because no binding of the first wants it; missing otherwise. */
  readonly alternateExchange?: string
  /** Further ones of the same publish, which rules of the routes file add; missing where there are none. */
  readonly otherKeys?: readonly string[]
  /** The rule of the routes file that wants it nowhere; it is not published then. */
  readonly droppedBy?: string
  /** After how long it would be delivered, by a rule of the routes file. */
  readonly delaySeconds?: number
  /** Its `partitionkey`, by a rule of the routes file. */
  readonly partitionKey?: string
  /** From 0 to 9, by a rule of the routes file. */
  readonly priority?: number
  /** Rules of the routes file about its type, in their order; missing where there are none. */
  readonly routeRules?: readonly RouteRuleExplanation[]
  /** Every queue that the broker puts it into; empty for a command that would be refused as unroutable, and what is dropped. */
  readonly queues: readonly string[]
  /** The groups of these queues. */
  readonly groups: readonly GroupExplanation[]
}

export interface GroupExplanation {
  readonly name: string
  readonly queue: string
  /** `filters`: no rule of the group wants it. `parks`: a rule cannot be asked about it, and it becomes a dead letter. */
  readonly verdict: GroupAnswer['verdict']
  /** In a sentence. */
  readonly because: string
  /** Of the rules that were asked. */
  readonly rules: readonly RuleAnswer[]
}

export interface ExplainParts {
  readonly ways: DeclaredWays
  readonly groups: readonly Group[]
  readonly routing: Pick<Routing, 'explain'>
  /** The rules of the routes file. */
  readonly routes: Pick<RouteSet, 'answers' | 'decide' | 'rules'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Follows a message through the rules of the routes file, exchanges, bindings and the rules of groups, as all of them would. */
export function explainRoute(type: MessageType, event: RoutedEvent, parts: ExplainParts): RouteExplanation {
  const nowMs = parts.now()
  const decision = parts.routes.decide(event, nowMs)
  const { dueAt, exchange, keys } = sentBy(type, { event, decision, nowMs }, parts)
  const [routingKey = type.name, ...otherKeys] = keys
  const { id, source } = event
  return {
    event: { id, source, type: type.name },
    kind: type.kind,
    ...(dueAt !== undefined && { dueAt }),
    exchange,
    routingKey,
    ...(otherKeys.length > 0 && { otherKeys }),
    ...decided(decision),
    ...rulesOf(event, decision, parts),
    ...reachedBy(event, { exchange, keys, decision }, parts),
  }
}

interface Decided {
  readonly event: RoutedEvent
  readonly decision: RouteDecision
  readonly nowMs: number
}

/** From where, and with what, a message comes into its queues: at once, or when it is due. */
function sentBy(type: MessageType, { event, decision, nowMs }: Decided, { ways }: ExplainParts) {
  const extensions = extensionsBy(decision, event.extensions, nowMs)
  const keys = ways.keysOf({ type: type.name, extensions }, routeOf(decision))
  const delayMs = waitMs({ extensions }, nowMs)
  const due = delayMs > 0 ? keys.flatMap((key) => ways.due(key, delayMs) ?? []) : []
  const exchange = due[0]?.exchange
  if (exchange === undefined) return { dueAt: undefined, exchange: ways.exchangeOf[type.kind], keys }
  return { dueAt: extensions[timeNames.due], exchange, keys: due.map(({ routingKey }) => routingKey) }
}

function routeOf({ groups }: RouteDecision): Pick<Route, 'groups'> {
  return groups === undefined ? {} : { groups }
}

function decided({ droppedBy, delaySeconds, key, priority }: RouteDecision) {
  return {
    ...(droppedBy !== undefined && { droppedBy }),
    ...(delaySeconds !== undefined && { delaySeconds }),
    ...(key !== undefined && { partitionKey: key }),
    ...(priority !== undefined && { priority }),
  }
}

function rulesOf(event: RoutedEvent, decision: RouteDecision, { routes }: Pick<ExplainParts, 'routes'>) {
  const answers = routes.answers(event)
  return answers.length === 0 ? {} : { routeRules: explainRules(answers, decision) }
}

interface Sent {
  readonly exchange: string
  readonly keys: readonly string[]
  readonly decision: RouteDecision
}

function reachedBy(event: RoutedEvent, { exchange, keys, decision }: Sent, parts: ExplainParts) {
  if (decision.droppedBy !== undefined) return { queues: [], groups: [] }
  const { through, queues } = queuesFor(exchange, keys, parts.ways)
  return {
    ...(through !== exchange && { alternateExchange: through }),
    queues,
    groups: groupsOf(queues, { event, decision }, parts),
  }
}

interface Reached {
  readonly through: string
  readonly queues: readonly string[]
}

/** What an exchange cannot route goes to its alternate exchange, if it has one: https://www.rabbitmq.com/docs/ae */
function queuesFor(exchange: string, keys: readonly string[], ways: DeclaredWays): Reached {
  const found = ways.objects.find(({ kind, name }) => kind === 'exchange' && name === exchange)
  const fits = (binding: Binding) =>
    binding.exchange === exchange && keys.some((key) => bindingFits(binding, key, found?.facts['type']))
  const queues = [...new Set(ways.bindings.filter(fits).map(({ destination }) => destination))]
  const alternate = found?.facts['alternate-exchange']
  if (queues.length > 0 || typeof alternate !== 'string') return { through: exchange, queues }
  return queuesFor(alternate, keys, ways)
}

function groupsOf(
  queues: readonly string[],
  { event, decision }: { readonly event: RoutedEvent; readonly decision: RouteDecision },
  { ways, groups, routing, routes }: ExplainParts,
): readonly GroupExplanation[] {
  return groups.flatMap(({ name }) => {
    const queue = ways.queuesOf.get(name)?.find((each) => queues.includes(each))
    if (queue === undefined) return []
    const answer = routing.explain(name, event)
    const broughtBy = ruleThatNames(name, decision, routes)
    const because = becauseOf(answer, { type: event.type, broughtBy })
    return [{ name, queue, verdict: answer.verdict, because, rules: askedIn(answer) }]
  })
}

function becauseOf(
  answer: GroupAnswer,
  { type, broughtBy }: { readonly type: string; readonly broughtBy: string | undefined },
): string {
  if (answer.verdict === 'parks') return answer.because
  if (answer.verdict === 'takes' && answer.by !== undefined) return `its rule "${answer.by.rule}" wants it`
  if (answer.verdict === 'takes')
    return broughtBy === undefined ? `it takes every ${type}` : `the rule "${broughtBy}" brings it`
  const names = answer.rules.map(({ rule }) => `"${rule}"`)
  return names.length === 1 ? `its rule ${names[0]} does not want it` : `none of its rules ${names.join(', ')} wants it`
}

function askedIn(answer: GroupAnswer): readonly RuleAnswer[] {
  if (answer.verdict === 'filters') return answer.rules
  return answer.verdict === 'takes' && answer.by !== undefined ? [answer.by] : []
}
