/** As much of JSON Schema as tells which fields there are and of what kind. */
export interface JsonSchema {
  readonly type?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: boolean | JsonSchema | readonly JsonSchema[]
  readonly prefixItems?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

/** What a value may be, in every way that its schema leaves open; JSON null is told apart. */
export interface Shape {
  readonly variants: readonly JsonSchema[]
  readonly mayBeNull: boolean
}

export function shapeOf(schema: JsonSchema): Shape {
  const all = variantsIn(schema)
  const variants = all.filter((each) => !isNull(each))
  return { variants, mayBeNull: variants.length < all.length }
}

function variantsIn(schema: JsonSchema): readonly JsonSchema[] {
  const { anyOf, oneOf, allOf, ...own } = schema
  const parts = (allOf ?? []).filter((part) => Object.keys(part).some((key) => key !== 'if' && key !== 'then'))
  const merged = parts.length === 0 ? own : merge([own, ...parts])
  const open = anyOf ?? oneOf
  if (open !== undefined)
    return open.flatMap((each) => variantsIn(saysSomething(merged) ? merge([merged, each]) : each))
  if (Array.isArray(merged.type)) return merged.type.flatMap((type: unknown) => variantsIn({ ...merged, type }))
  return [merged]
}

function saysSomething({ type, properties, enum: literals }: JsonSchema): boolean {
  return type !== undefined || properties !== undefined || literals !== undefined
}

function merge(schemas: readonly JsonSchema[]): JsonSchema {
  const properties = Object.assign({}, ...schemas.map((each) => each.properties)) as JsonSchema['properties']
  const merged = Object.assign({}, ...schemas) as JsonSchema
  return schemas.some((each) => each.properties !== undefined) ? { ...merged, properties: properties ?? {} } : merged
}

function isNull(schema: JsonSchema): boolean {
  return schema.type === 'null' || ('const' in schema && schema.const === null)
}

/** The only values that it allows, where it names them. */
export function literalsOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.enum ?? ('const' in schema ? [schema.const] : undefined)
}

/** Whether it is an object of which all fields are known by name. */
export function isRecord({ properties, patternProperties, additionalProperties }: JsonSchema): boolean {
  return properties !== undefined && patternProperties === undefined && typeof additionalProperties !== 'object'
}

/** The schema of all members that have no name of their own; undefined where there are others, or it is unknown. */
export function valuesOf({ properties, patternProperties, additionalProperties }: JsonSchema): JsonSchema | undefined {
  if (properties !== undefined) return undefined
  const patterns = Object.values(patternProperties ?? {})
  if (patterns.length === 1) return patterns[0]
  return typeof additionalProperties === 'object' && patterns.length === 0 ? additionalProperties : undefined
}

/** The schema of a list's item. */
export function itemOf({ items, prefixItems }: JsonSchema, at: number): JsonSchema | undefined {
  const tuple = prefixItems ?? (Array.isArray(items) ? (items as readonly JsonSchema[]) : undefined)
  if (tuple !== undefined) return tuple[at]
  return typeof items === 'object' ? (items as JsonSchema) : undefined
}
