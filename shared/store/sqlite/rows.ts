import type { Row, SqlValue } from '../store'

/** A row as both databases give it: whole numbers as numbers, beyond the safe range as text. */
export function toRow(columns: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, toValue(value)]))
}

function toValue(value: unknown): SqlValue {
  if (typeof value !== 'bigint') return value as SqlValue
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}
