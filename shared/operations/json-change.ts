import { isExactNumber } from '../runtime/exact-json'
import { OperationError } from './operation-error'

/** A change at an RFC 6901 JSON Pointer; `''` is the whole. */
export type JsonChange =
  | { readonly kind: 'set'; readonly pointer: string; readonly value: unknown }
  | { readonly kind: 'unset'; readonly pointer: string }

type Holder = Record<string, unknown> | unknown[]

/**
 * Data with all changes, in their order; what was given stays as it is. `set` needs the object or the array that the value
 * is to stand in; in an array `-` is the place behind the last. Throws an {@link OperationError} where there is no such
 * place.
 */
export function changed(data: unknown, changes: readonly JsonChange[]): unknown {
  return changes.reduce((now, change) => changedAt(now, change, change.pointer.split('/').slice(1)), data)
}

function changedAt(value: unknown, change: JsonChange, [segment, ...rest]: readonly string[]): unknown {
  if (segment === undefined) return whole(change)
  const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
  if (typeof value !== 'object' || value === null || isExactNumber(value)) throw noPlace(change)
  const holder = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  if (rest.length === 0) return withMember(holder, name, change)
  if (!Object.hasOwn(holder, name)) throw noPlace(change)
  return put(holder, name, changedAt((holder as Record<string, unknown>)[name], change, rest))
}

function whole(change: JsonChange): unknown {
  if (change.kind === 'set') return change.value
  throw new OperationError('the whole of the data cannot be unset; discard the dead letter instead')
}

function withMember(holder: Holder, name: string, change: JsonChange): Holder {
  if (change.kind === 'unset') return without(holder, name, change)
  if (!Array.isArray(holder)) return put(holder, name, change.value)
  const place = name === '-' ? String(holder.length) : name
  if (!/^(0|[1-9]\d*)$/.test(place) || Number(place) > holder.length) throw noPlace(change)
  return put(holder, place, change.value)
}

function without(holder: Holder, name: string, change: JsonChange): Holder {
  if (!Object.hasOwn(holder, name) || (Array.isArray(holder) && name === 'length')) throw noPlace(change)
  if (Array.isArray(holder)) return holder.toSpliced(Number(name), 1)
  const { [name]: _, ...others } = holder
  return others
}

/** A plain assignment of `__proto__` would not be one. */
function put(holder: Holder, name: string, value: unknown): Holder {
  return Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
}

function noPlace({ kind, pointer }: JsonChange): OperationError {
  const wayOut = kind === 'set' ? 'set the object that it stands in first' : 'there is nothing to unset'
  return new OperationError(`the data has no place ${pointer}; ${wayOut}`)
}
