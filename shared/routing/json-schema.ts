/** As much of JSON Schema as tells which fields there are and of what kind. */
export interface JsonSchema {
  readonly type?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
}

/** The schema of all members that have no name of their own; undefined where members are named, or unknown. */
export function valuesOf({ properties, patternProperties, additionalProperties }: JsonSchema): JsonSchema | undefined {
  if (properties !== undefined) return undefined
  const patterns = Object.values(patternProperties ?? {})
  if (patterns.length === 1) return patterns[0]
  return typeof additionalProperties === 'object' && patterns.length === 0 ? additionalProperties : undefined
}

/** The schema of a list's items where all have the same. */
export function itemsOf({ items }: JsonSchema): JsonSchema | undefined {
  return typeof items === 'object' && !Array.isArray(items) ? (items as JsonSchema) : undefined
}
