import { Type, type Static, type TObject, type TObjectOptions, type TUnsafe } from 'typebox'
import { event, type MessageFacts, type MessageType } from './message'

interface OfRow {
  /** `public.orders`. */
  readonly table: string
  /** The columns that tell the row from others; empty where the table has none. */
  readonly key: Readonly<Record<string, unknown>>
  /** Where in the database's log: of two changes the one with the greater text is the later one. */
  readonly position: string
}

/**
 * What has become of a row, or of a whole table. `before` is known where the table's replica identity is FULL. A long
 * value that an update has left as it was may be missing in `after`.
 */
export type RowChange<Row> =
  | (OfRow & { readonly operation: 'insert'; readonly after: Row })
  | (OfRow & { readonly operation: 'update'; readonly before?: Partial<Row>; readonly after: Partial<Row> })
  | (OfRow & { readonly operation: 'delete'; readonly before?: Partial<Row> })
  | (Omit<OfRow, 'key'> & { readonly operation: 'truncate' })

const operations = ['insert', 'update', 'delete', 'truncate'] as const
const when = (operation: (typeof operations)[number], then: object) => ({
  if: { properties: { operation: { const: operation } } },
  then,
})

/** An event that tells of changes of a followed table, whose columns are `row`. Throws like {@link event}. */
export function rowChange<R extends TObject>(
  name: string,
  row: R,
  facts?: MessageFacts<RowChangeSchema<R>>,
): MessageType<RowChangeSchema<R>> {
  return event<RowChangeSchema<R>>(name, schemaOf(row), facts)
}

type RowChangeSchema<R extends TObject> = TUnsafe<RowChange<Static<R>>>

interface Openness {
  readonly additionalProperties?: NonNullable<TObjectOptions['additionalProperties']>
}

function schemaOf<R extends TObject>(row: R): RowChangeSchema<R> {
  const { additionalProperties } = row as TObject & Openness
  // A partial object forgets by itself whether it may have others.
  const some = Type.Partial(row, additionalProperties === undefined ? {} : { additionalProperties })
  // Flat, with what an operation needs beside it: a union would tell of a wrong column what is wrong with every operation.
  const flat = Type.Object(
    {
      operation: Type.Union(operations.map((operation) => Type.Literal(operation))),
      table: Type.String(),
      key: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      position: Type.String(),
      before: Type.Optional(some),
      after: Type.Optional(some),
    },
    {
      additionalProperties: false,
      allOf: [
        when('insert', { required: ['key', 'after'], properties: { after: row } }),
        when('update', { required: ['key', 'after'] }),
        when('delete', { required: ['key'] }),
      ],
    },
  )
  return Type.Unsafe<RowChange<Static<R>>>(flat)
}
