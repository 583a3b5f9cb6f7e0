import type { SqlValue } from './store'

/** The text of a column that may be null. */
export function optionalText(value: SqlValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
