import { isExactNumber } from '../runtime/exact-json'

/** The value at an RFC 6901 JSON Pointer; undefined where there is none. `''` is the whole. */
export function valueAt(data: unknown, pointer: string): unknown {
  if (pointer === '') return data
  const segments = pointer.split('/').slice(1)
  return segments.reduce(memberOf, data)
}

function memberOf(value: unknown, segment: string): unknown {
  const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
  return typeof value === 'object' && value !== null && !isExactNumber(value) && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
