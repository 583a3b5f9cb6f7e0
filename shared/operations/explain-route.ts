import type { Group } from '../messages/group'
import type { MessageType } from '../messages/message'
import { fitsTopic } from '../messages/topic-pattern'
import type { Binding, DeclaredWays } from '../messaging/broker-objects'
import { timeNames, waitMs } from '../messaging/timing'
import type { RuleAnswer } from '../routing/compiled-rule'
import type { RoutedEvent } from '../routing/routed-event'
import type { GroupAnswer, Routing } from '../routing/routing'

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
  /** Every queue that the broker puts it into; empty for a command that would be refused as unroutable. */
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
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Follows a message through exchanges, bindings and rules, as broker and consumer would. */
export function explainRoute(type: MessageType, event: RoutedEvent, parts: ExplainParts): RouteExplanation {
  const [key = type.name] = parts.ways.keysOf({ type: type.name, extensions: event.extensions }, {})
  const due = dueRoute(key, event, parts)
  const { exchange, routingKey } = due ?? { exchange: parts.ways.exchangeOf[type.kind], routingKey: key }
  const { through, queues } = queuesFor(exchange, routingKey, parts.ways)
  const { id, source } = event
  return {
    event: { id, source, type: type.name },
    kind: type.kind,
    ...(due !== undefined && { dueAt: event.extensions[timeNames.due] as string }),
    exchange,
    routingKey,
    ...(through !== exchange && { alternateExchange: through }),
    queues,
    groups: groupsOf(queues, event, parts),
  }
}

/** Undefined for what goes to its queues at once. */
function dueRoute(routingKey: string, event: RoutedEvent, { ways, now }: ExplainParts) {
  const delayMs = waitMs(event, now())
  return delayMs > 0 ? ways.due(routingKey, delayMs) : undefined
}

interface Reached {
  readonly through: string
  readonly queues: readonly string[]
}

/** What an exchange cannot route goes to its alternate exchange, if it has one: https://www.rabbitmq.com/docs/ae */
function queuesFor(exchange: string, key: string, ways: DeclaredWays): Reached {
  const found = ways.objects.find(({ kind, name }) => kind === 'exchange' && name === exchange)
  const fits = (binding: Binding) => binding.exchange === exchange && isFor(binding, key, found?.facts['type'])
  const queues = [...new Set(ways.bindings.filter(fits).map(({ destination }) => destination))]
  const alternate = found?.facts['alternate-exchange']
  if (queues.length > 0 || typeof alternate !== 'string') return { through: exchange, queues }
  return queuesFor(alternate, key, ways)
}

function isFor({ routingKey }: Binding, key: string, exchangeType: unknown): boolean {
  if (exchangeType === 'fanout') return true
  return exchangeType === 'topic' ? fitsTopic(routingKey, key) : routingKey === key
}

function groupsOf(
  queues: readonly string[],
  event: RoutedEvent,
  { ways, groups, routing }: ExplainParts,
): readonly GroupExplanation[] {
  return groups.flatMap(({ name }) => {
    const queue = ways.queuesOf.get(name)?.find((each) => queues.includes(each))
    if (queue === undefined) return []
    const answer = routing.explain(name, event)
    return [{ name, queue, verdict: answer.verdict, because: becauseOf(answer, event.type), rules: askedIn(answer) }]
  })
}

function becauseOf(answer: GroupAnswer, type: string): string {
  if (answer.verdict === 'parks') return answer.because
  if (answer.verdict === 'takes')
    return answer.by === undefined ? `it takes every ${type}` : `its rule "${answer.by.rule}" wants it`
  const names = answer.rules.map(({ rule }) => `"${rule}"`)
  return names.length === 1 ? `its rule ${names[0]} does not want it` : `none of its rules ${names.join(', ')} wants it`
}

function askedIn(answer: GroupAnswer): readonly RuleAnswer[] {
  if (answer.verdict === 'filters') return answer.rules
  return answer.verdict === 'takes' && answer.by !== undefined ? [answer.by] : []
}
