import type { MessageType } from '../messages/message'
import { Fields } from './fields'
import { itemOf, literalsOf, shapeOf, valuesOf, type JsonSchema } from './json-schema'
import type { RoutedEvent } from './routed-event'

/** `event` as an expression sees it. CEL tells whole numbers from others, which JSON does not: the schema says which is which. */
export function valuesFor(type: Pick<MessageType, 'schema'>, event: RoutedEvent): Fields {
  const { id, source, type: name, time, extensions, data } = event
  const at = time === undefined ? undefined : new Date(time)
  const values = new Fields([
    ['id', id],
    ['source', source],
    ['type', name],
    ['extensions', new Fields(Object.entries(extensions))],
    ['data', valueOf([type.schema], data)],
  ])
  if (at !== undefined && !Number.isNaN(at.getTime())) values.set('time', at)
  if (Object.hasOwn(extensions, 'subject')) values.set('subject', extensions['subject'])
  return values
}

/** A value by all that is said of it; nothing is said of what a schema leaves open. */
function valueOf(schemas: readonly JsonSchema[], value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) && isWhole(schemas) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return value
  const variants = schemas.flatMap((schema) => shapeOf(schema).variants)
  if (Array.isArray(value))
    return value.map((item, at) =>
      valueOf(
        variants.flatMap((each) => itemOf(each, at) ?? []),
        item,
      ),
    )
  const members = Object.entries(value).map(
    ([name, member]) =>
      [
        name,
        valueOf(
          variants.flatMap((each) => memberOf(each, name) ?? []),
          member,
        ),
      ] as const,
  )
  return new Fields(members)
}

function isWhole(schemas: readonly JsonSchema[]): boolean {
  const numbers = schemas.flatMap((schema) => shapeOf(schema).variants).filter(mayBeNumber)
  return numbers.length > 0 && numbers.every((each) => each.type === 'integer' || literalsOf(each) !== undefined)
}

function mayBeNumber(schema: JsonSchema): boolean {
  const literals = literalsOf(schema)
  if (literals !== undefined) return literals.some((literal) => typeof literal === 'number')
  return schema.type === 'integer' || schema.type === 'number' || schema.type === undefined
}

function memberOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  const { properties = {} } = schema
  return Object.hasOwn(properties, name) ? properties[name] : valuesOf(schema)
}
