import type { MessageType } from '../messages/message'
import { itemsOf, valuesOf, type JsonSchema } from './json-schema'
import type { RoutedEvent } from './routed-event'

/** `event` by the names of its members. */
export type EventValues = Readonly<Record<string, unknown>>

/** `event` as an expression sees it. CEL tells whole numbers from others, which JSON does not: the schema says which is which. */
export function valuesFor(type: Pick<MessageType, 'schema'>, event: RoutedEvent): EventValues {
  const { id, source, type: name, time, extensions, data } = event
  const { subject } = extensions
  const at = time === undefined ? undefined : new Date(time)
  return {
    id,
    source,
    type: name,
    ...(at !== undefined && !Number.isNaN(at.getTime()) && { time: at }),
    ...(subject !== undefined && { subject }),
    extensions,
    data: valueOf(type.schema, data),
  }
}

function valueOf(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value
  if (typeof value === 'number') return isWhole(schema) && Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((item) => valueOf(itemsOf(schema), item))
  if (typeof value === 'object' && value !== null) return membersOf(schema, value)
  return value
}

function isWhole(schema: JsonSchema): boolean {
  const variants = schema.anyOf ?? schema.oneOf
  if (variants !== undefined) return variants.every(isWhole)
  const literals = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  return literals === undefined ? schema.type === 'integer' : literals.every(Number.isInteger)
}

function membersOf(schema: JsonSchema, value: object): Readonly<Record<string, unknown>> {
  const others = valuesOf(schema)
  const members = Object.entries(value).map(([name, member]) => {
    const own = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : others
    return [name, valueOf(own, member)] as const
  })
  return Object.fromEntries(members)
}
