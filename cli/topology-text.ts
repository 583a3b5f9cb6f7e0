import type { Binding, BrokerObject, FoundObject } from '../shared/messaging/broker-objects'
import type { DifferingObject, PolicedQueue, TopologyDifference } from '../shared/operations/topology-difference'
import { plain } from './plain'
import { tableOf } from './table'

const heading = ['WHAT', 'KIND', 'NAME', 'DETAIL']

/** The difference as a table, what is equal left out, and a line that sums it up. */
export function differenceText(difference: TopologyDifference): readonly string[] {
  const { missing, differing, strange, missingBindings, extraBindings, policed, unseen } = difference
  const rows = [
    ...missing.map((object) => row('create', object, '')),
    ...differing.map(differingRow),
    ...(unseen === undefined ? missingBindings : []).map((binding) => bindingRow('bind', binding)),
    ...extraBindings.map((binding) => bindingRow('extra', binding)),
    ...strange.map(strangeRow),
    ...policed.map(policyRow),
  ]
  return [...(rows.length === 0 ? [] : tableOf(heading, rows)), summary(difference)]
}

function row(what: string, { kind, name }: BrokerObject, detail: string): readonly string[] {
  return [what, kind, plain(name), plain(detail)]
}

function differingRow({ object, differences }: DifferingObject): readonly string[] {
  const told = differences.map(
    ({ fact, declared, found }) => `${fact} is ${shown(found)}, declared is ${shown(declared)}`,
  )
  return row('differs', object, told.join('; '))
}

function strangeRow(object: FoundObject): readonly string[] {
  const held = object.messages === undefined ? '' : `, messages: ${object.messages}`
  return row('strange', object, `nobody declares it; it is left alone${held}`)
}

function bindingRow(what: string, { exchange, destination, routingKey, arguments: args }: Binding): readonly string[] {
  const narrowed = args === undefined ? '' : ` with ${JSON.stringify(args)}`
  return [what, 'binding', plain(destination), plain(`to ${exchange} by "${routingKey}"${narrowed}`)]
}

function policyRow({ queue, policy, unsafe }: PolicedQueue): readonly string[] {
  const harms = unsafe.map(({ key, value, harm }) => `; UNSAFE: ${key} ${shown(value)}: ${harm}`)
  const detail = `${policy.names.join(' and ')}: ${JSON.stringify(policy.definition)}${harms.join('')}`
  return ['policy', 'queue', plain(queue), plain(detail)]
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value)
}

function summary({ missing, equal, differing, strange, ...rest }: TopologyDifference): string {
  const bindings = rest.unseen === undefined ? `bindings to make: ${rest.missingBindings.length}` : 'bindings: not seen'
  const unsafe = rest.policed.filter((each) => each.unsafe.length > 0).length
  return [
    `equal: ${equal.length}, to create: ${missing.length}, differing: ${differing.length}, strange: ${strange.length}`,
    bindings,
    ...(rest.extraBindings.length > 0 ? [`extra bindings: ${rest.extraBindings.length}`] : []),
    ...(unsafe > 0 ? [`queues under an unsafe policy: ${unsafe}`] : []),
  ].join(', ')
}
