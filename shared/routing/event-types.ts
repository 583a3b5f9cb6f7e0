import { Environment } from '@marcbachmann/cel-js'
import type { MessageType } from '../messages/message'
import { itemsOf, valuesOf, type JsonSchema } from './json-schema'

/** What can be asked of an event of one type: the environment in which an expression is checked, never evaluated. */
export function typesOf({ schema }: Pick<MessageType, 'schema'>): Environment {
  const environment = new Environment(limits)
  const data = new Objects(environment).typeOf(schema)
  environment.registerVariable('event', { schema: { ...attributeTypes, data } })
  return environment
}

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

  typeOf(schema: JsonSchema): string {
    const { type, anyOf, oneOf } = schema
    const variants = anyOf ?? oneOf
    if (variants !== undefined) return this.#sameOf(variants)
    const literals = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
    if (literals !== undefined) return sameText(literals.map(typeOfLiteral))
    if (type === 'object') return this.#objectOf(schema)
    if (type === 'array') return `list<${this.#orDynamic(itemsOf(schema))}>`
    return typeof type === 'string' ? (scalars[type] ?? 'dyn') : 'dyn'
  }

  #orDynamic(schema: JsonSchema | undefined): string {
    return schema === undefined ? 'dyn' : this.typeOf(schema)
  }

  // Two objects are two types, whatever they have in common: what is in either may be asked.
  #sameOf(variants: readonly JsonSchema[]): string {
    return variants.some(({ type }) => type === 'object' || type === 'array')
      ? 'dyn'
      : sameText(variants.map((each) => this.typeOf(each)))
  }

  #objectOf(schema: JsonSchema): string {
    if (schema.properties === undefined) return `map<string, ${this.#orDynamic(valuesOf(schema))}>`
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, this.typeOf(field)] as const)
    const name = `object${++this.#count}`
    this.#environment.registerType({ name, schema: Object.fromEntries(fields) })
    return name
  }
}

function typeOfLiteral(literal: unknown): string {
  if (Number.isInteger(literal)) return 'int'
  return { string: 'string', number: 'double', boolean: 'bool' }[typeof literal as string] ?? 'dyn'
}

function sameText(texts: readonly string[]): string {
  const [only, ...others] = new Set(texts)
  return others.length > 0 ? 'dyn' : (only ?? 'dyn')
}
