import type { RouteExplanation } from '../../../shared/operations/explain-route'
import type { WayStep, WayView } from '../views/routes'

/** The way of an event, told as a person would. */
export function wayOf(explanation: RouteExplanation): WayView {
  return { end: endWords(explanation), steps: stepsOf(explanation) }
}

/** `order.placed goes to ledger and mail`. */
function endWords({ event: { type }, groups, queues, droppedBy, kind }: RouteExplanation): string {
  if (droppedBy !== undefined) return `${type} is dropped by “${droppedBy}”`
  const takers = groups.filter(({ verdict }) => verdict === 'takes').map(({ name }) => name)
  if (takers.length > 0) return `${type} goes to ${new Intl.ListFormat('en-GB').format(takers)}`
  if (groups.length > 0) return `No group takes this ${type}`
  if (queues.length > 0) return `Nobody wants this ${type}, and it is kept`
  return kind === 'command' ? `${type} would be refused as unroutable` : `${type} leads nowhere`
}

function stepsOf(explanation: RouteExplanation): readonly WayStep[] {
  const { event, droppedBy, dueAt, exchange, routingKey, otherKeys = [], alternateExchange, queues } = explanation
  const from: WayStep = { of: 'from', name: event.source, more: givenWords(explanation) }
  if (droppedBy !== undefined) return [from, { of: 'ends', name: '', more: 'published nowhere; its caller is told' }]
  return [
    from,
    ...(dueAt === undefined ? [] : [waiting(dueAt, explanation)]),
    { of: 'exchange', name: exchange, more: `with ${[routingKey, ...otherKeys].join(', ')}` },
    ...(alternateExchange === undefined
      ? []
      : [{ of: 'alternate', name: alternateExchange, more: 'since no binding of the first wants it' } as const]),
    ...queues.map((queue) => queueStep(queue, explanation)),
    ...(queues.length === 0 ? [{ of: 'ends', name: '', more: 'in no queue' } as const] : []),
  ]
}

function givenWords({ partitionKey, priority }: RouteExplanation): string {
  const given = [
    ...(partitionKey === undefined ? [] : [`in order by the key “${partitionKey}”, by a rule`]),
    ...(priority === undefined ? [] : [`with priority ${priority}, by a rule`]),
  ]
  return given.join('; ')
}

function waiting(dueAt: string, { delaySeconds }: RouteExplanation): WayStep {
  const from = delaySeconds === undefined ? '' : `, ${delaySeconds} s from now`
  return { of: 'waits', name: '', more: `at the broker until ${dueAt}${from}` }
}

function queueStep(queue: string, { groups }: RouteExplanation): WayStep {
  const group = groups.find((each) => each.queue === queue)?.name
  return group === undefined
    ? { of: 'kept in', name: queue, more: 'until a person looks' }
    : { of: 'queue', name: queue, more: group }
}
