import type { Schema } from '../data/schema'

/** What every field of a form is given. */
export interface FieldProps {
  readonly schema: Schema
  readonly value: unknown
  readonly change: (value: unknown) => void
  /** RFC 6901, also the id of the field in the page. */
  readonly pointer: string
  /** What the server finds wrong, by pointer. */
  readonly errors: ReadonlyMap<string, string>
  /** For a person. */
  readonly name: string
  readonly isRequired: boolean
}
