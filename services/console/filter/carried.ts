import type { Content } from '../../../shared/journal/content'

/** A path into what a message carried: `data.items.*.sku` or `attribute.tenant`; `data` alone is all of it. */
export interface CarriedPath {
  readonly in: 'data' | 'attribute'
  readonly path: readonly string[]
}

/** Undefined for a name that is no such path. */
export function carriedPath(name: string): CarriedPath | undefined {
  const [root = '', ...path] = name.split('.')
  if (path.some((each) => each === '')) return undefined
  const where = root.toLowerCase()
  if (where === 'data') return { in: where, path }
  return where === 'attribute' && path.length === 1 ? { in: where, path: path.map(lowerCase) } : undefined
}

/** The texts, numbers and so on that stand at a path, of which there may be several. */
export function valuesAt({ in: where, path }: CarriedPath, content: Content): readonly unknown[] {
  if (where === 'attribute') return membersOf(content.attributes, path[0] ?? '')
  if (content.data.kind !== 'kept') return []
  if (path.length === 0) return [content.data.text]
  let values: readonly unknown[] = [parsed(content.data.text)]
  for (const name of path) values = values.flatMap((value) => membersOf(value, name))
  return values.filter((value) => typeof value !== 'object' || value === null)
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (name === '*') return Object.values(value)
  return Object.prototype.propertyIsEnumerable.call(value, name)
    ? [(value as Readonly<Record<string, unknown>>)[name]]
    : []
}

// CloudEvents allows no other letters in their names.
function lowerCase(name: string): string {
  return name.toLowerCase()
}

/** What was read last: the terms of a filter mostly ask for the same again. */
let lastRead: { readonly text: string; readonly value: unknown } | undefined

function parsed(text: string): unknown {
  if (lastRead?.text !== text) lastRead = { text, value: valueOf(text) }
  return lastRead.value
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
