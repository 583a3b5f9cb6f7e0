/** As much of JSON Schema as a form can show; the rest is written as JSON. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

export type FieldKind = 'object' | 'array' | 'choice' | 'variants' | 'text' | 'number' | 'yes or no' | 'json'

const kindOfType: Readonly<Record<string, FieldKind>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'yes or no',
}

export function fieldKind(schema: Schema): FieldKind {
  const { type, properties, items } = schema
  if (choicesOf(schema) !== undefined) return 'choice'
  if (variantsOf(schema) !== undefined) return 'variants'
  if (type === 'object') return properties === undefined ? 'json' : 'object'
  if (type === 'array') return items === undefined ? 'json' : 'array'
  return (typeof type === 'string' ? kindOfType[type] : undefined) ?? 'json'
}

/** The values of an enum, however it is written. */
export function choicesOf({ enum: values, const: only, oneOf, anyOf }: Schema): readonly unknown[] | undefined {
  if (values !== undefined) return values
  if (only !== undefined) return [only]
  const each = oneOf ?? anyOf
  return each?.every((one) => one.const !== undefined) === true ? each.map((one) => one.const) : undefined
}

export function variantsOf({ oneOf, anyOf }: Schema): readonly Schema[] | undefined {
  return oneOf ?? anyOf
}

/** What a new form begins with: the default, the first example, or the emptiest value that fits the kind. */
export function initialOf(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  const choices = choicesOf(schema)
  if (choices !== undefined) return choices[0]
  const [variant] = variantsOf(schema) ?? []
  if (variant !== undefined) return initialOf(variant)
  if (schema.type === 'object') return schema.properties === undefined ? {} : initialObject(schema)
  if (schema.type === 'array') return []
  if (schema.type === 'string') return ''
  if (schema.type === 'boolean') return false
  return schema.type === 'integer' || schema.type === 'number' ? (schema.minimum ?? 0) : null
}

function initialObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const named = required.flatMap((name) =>
    properties[name] === undefined ? [] : [[name, initialOf(properties[name])]],
  )
  return Object.fromEntries(named) as Record<string, unknown>
}

/** RFC 6901. */
export function pointerTo(pointer: string, segment: string | number): string {
  return `${pointer}/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** What limits a value, in words. */
export function limitsOf({ minLength, maxLength, minimum, maximum, pattern, format }: Schema): string {
  const words = [
    minLength !== undefined && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `to ${maximum}`,
    format,
    pattern !== undefined && `like ${pattern}`,
  ]
  return words.filter((word) => typeof word === 'string').join(', ')
}
