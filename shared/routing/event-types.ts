import { Environment } from '@marcbachmann/cel-js'
import type { MessageType } from '../messages/message'
import { isRecord, itemOf, literalsOf, shapeOf, valuesOf, type JsonSchema } from './json-schema'

/** Bounds for one expression, far above what a person reads. */
export const limits = { limits: { maxAstNodes: 1_000, maxDepth: 32, maxListElements: 200 } }

/** The members of `event` beside its data. */
export const attributeTypes = {
  id: 'string',
  source: 'string',
  type: 'string',
  time: 'google.protobuf.Timestamp',
  subject: 'string',
  extensions: 'map<string, string>',
} as const

/**
 * What can be asked of an event of one type: the environment in which an expression is checked, never evaluated. A field
 * that only one of the `others` has may be asked as well, since a rule over all of them may do so.
 */
export function typesOf(type: MessageType, others: readonly MessageType[]): Environment {
  const environment = new Environment(limits)
  const schemas = [type, ...others].map(({ schema }) => schema as JsonSchema)
  const data = new Objects(environment).typeOf(schemas[0] ?? {}, schemas.slice(1))
  environment.registerVariable('event', { schema: { ...attributeTypes, data } })
  return environment
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
}

/** Registers each object of a schema as a type of its own, so that one within a list is known as well as any other. */
class Objects {
  readonly #environment: Environment
  #count = 0

  constructor(environment: Environment) {
    this.#environment = environment
  }

  typeOf(schema: JsonSchema, others: readonly JsonSchema[] = []): string {
    const { variants, mayBeNull } = shapeOf(schema)
    if (variants.length > 0 && variants.every(isRecord)) return this.#objectOf(variants, others.flatMap(recordsIn))
    const types = new Set(variants.map((variant) => this.#plainTypeOf(variant)))
    const [only] = types
    return types.size !== 1 || only === undefined || mayBeNull ? 'dyn' : only
  }

  #plainTypeOf(schema: JsonSchema): string {
    const literals = literalsOf(schema)
    if (literals !== undefined) return sameOf(literals.map(typeOfLiteral))
    const { type, properties } = schema
    if (type === 'array') return `list<${this.#orDynamic(itemsOf(schema))}>`
    if (type === 'object' && properties === undefined) return `map<string, ${this.#orDynamic(valuesOf(schema))}>`
    return typeof type === 'string' ? (scalars[type] ?? 'dyn') : 'dyn'
  }

  #orDynamic(schema: JsonSchema | undefined): string {
    return schema === undefined ? 'dyn' : this.typeOf(schema)
  }

  /** Any field of any variant: which of them it is, only the event knows. */
  #objectOf(variants: readonly JsonSchema[], others: readonly JsonSchema[]): string {
    const names = new Set([...variants, ...others].flatMap(({ properties }) => Object.keys(properties ?? {})))
    const fields = [...names].map((name) => [name, this.#fieldOf(name, variants, others)] as const)
    const type = `object${++this.#count}`
    this.#environment.registerType({ name: type, schema: Object.fromEntries(fields) })
    for (const operator of [`${type} == ${type}`, `${type} == null`])
      this.#environment.registerOperator(operator, () => false)
    return type
  }

  #fieldOf(name: string, variants: readonly JsonSchema[], others: readonly JsonSchema[]): string {
    const own = fieldsNamed(name, variants)
    const types = new Set(own.map((field) => this.typeOf(field, fieldsNamed(name, others))))
    const [only] = types
    return types.size === 1 && only !== undefined ? only : 'dyn'
  }
}

function recordsIn(schema: JsonSchema): readonly JsonSchema[] {
  return shapeOf(schema).variants.filter(isRecord)
}

function fieldsNamed(name: string, objects: readonly JsonSchema[]): readonly JsonSchema[] {
  return objects.flatMap(({ properties = {} }) => (Object.hasOwn(properties, name) ? (properties[name] ?? []) : []))
}

/** Undefined where items differ by their place. */
function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  return schema.prefixItems === undefined && !Array.isArray(schema.items) ? itemOf(schema, 0) : undefined
}

function typeOfLiteral(literal: unknown): string {
  if (Number.isInteger(literal)) return 'int'
  return { string: 'string', number: 'double', boolean: 'bool' }[typeof literal as string] ?? 'dyn'
}

function sameOf(types: readonly string[]): string {
  const [only, ...others] = new Set(types)
  return others.length > 0 ? 'dyn' : (only ?? 'dyn')
}

/** Every field name of a schema, at whatever depth: what somebody may have meant. */
export function fieldNamesIn(schema: JsonSchema): readonly string[] {
  return shapeOf(schema).variants.flatMap((variant) => [
    ...Object.entries(variant.properties ?? {}).flatMap(([name, field]) => [name, ...fieldNamesIn(field)]),
    ...[itemsOf(variant), valuesOf(variant)].flatMap((inner) => (inner === undefined ? [] : fieldNamesIn(inner))),
  ])
}

/** Every way from `path` to a field by names alone. */
export function pathsBelow(path: string, schema: JsonSchema): readonly string[] {
  const fields = recordsIn(schema).flatMap(({ properties = {} }) => Object.entries(properties))
  return [path, ...fields.flatMap(([name, field]) => pathsBelow(`${path}.${name}`, field))]
}
