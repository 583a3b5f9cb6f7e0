import { ByteReader } from './byte-reader'
import type { Lsn } from './lsn'

export interface Column {
  readonly name: string
  readonly typeOid: number
  /** Whether it belongs to the replica identity: with FULL every one does. */
  readonly isIdentity: boolean
}

/** A table as it was when what follows was written. */
export interface Relation {
  readonly kind: 'relation'
  readonly oid: number
  /** `public.orders`. */
  readonly table: string
  readonly identity: 'default' | 'nothing' | 'full' | 'index'
  readonly columns: readonly Column[]
}

/** One for each column; `undefined` is a long value that was not changed, and is not told. */
export type Tuple = readonly (string | null | undefined)[]

/** The former row: its identity alone, or all of it where that is FULL. */
export interface OldTuple {
  readonly has: 'identity' | 'everything'
  readonly tuple: Tuple
}

/** What became of one row. */
export type RowOperation =
  | { readonly kind: 'insert'; readonly oid: number; readonly after: Tuple }
  | { readonly kind: 'update'; readonly oid: number; readonly before: OldTuple | undefined; readonly after: Tuple }
  | { readonly kind: 'delete'; readonly oid: number; readonly before: OldTuple }

export type Change =
  | RowOperation
  /** All rows of these tables are gone. */
  | { readonly kind: 'truncate'; readonly oids: readonly number[] }

export type PgoutputMessage =
  /** `commitLsn` and `committedAt` (in microseconds since 2000) are those of the commit that this leads to. */
  | { readonly kind: 'begin'; readonly commitLsn: Lsn; readonly committedAt: bigint }
  | { readonly kind: 'commit'; readonly endLsn: Lsn }
  | Relation
  | Change
  | { readonly kind: 'other' }

/**
 * Reads a message of PostgreSQL's `pgoutput`, protocol version 1 ("Logical Replication Message Formats" in its manual).
 * Throws for what it does not know, which may be a change.
 */
export function readPgoutput(bytes: Buffer): PgoutputMessage {
  const reader = new ByteReader(bytes)
  const letter = reader.letter()
  switch (letter) {
    case 'B':
      return { kind: 'begin', commitLsn: reader.uint64(), committedAt: reader.int64() }
    case 'C':
      return readCommit(reader)
    case 'R':
      return readRelation(reader)
    case 'I':
      return { kind: 'insert', oid: reader.uint32(), after: readNew(reader, reader.letter()) }
    case 'U':
      return readUpdate(reader)
    case 'D':
      return readDelete(reader)
    case 'T':
      return readTruncate(reader)
    case 'O':
    case 'Y':
    case 'M':
      return { kind: 'other' }
    default:
      throw new Error(`PostgreSQL sent a message "${letter}", which pgoutput's version 1 does not have`)
  }
}

function readCommit(reader: ByteReader): PgoutputMessage {
  reader.uint8()
  reader.uint64()
  return { kind: 'commit', endLsn: reader.uint64() }
}

const identities = { d: 'default', n: 'nothing', f: 'full', i: 'index' } as const

function readRelation(reader: ByteReader): Relation {
  const oid = reader.uint32()
  // An empty name stands for pg_catalog.
  const table = `${reader.name() || 'pg_catalog'}.${reader.name()}`
  const letter = reader.letter() as keyof typeof identities
  const columns = Array.from({ length: reader.uint16() }, () => readColumn(reader))
  return { kind: 'relation', oid, table, identity: identities[letter], columns }
}

function readColumn(reader: ByteReader): Column {
  const isIdentity = (reader.uint8() & 1) === 1
  const column = { name: reader.name(), typeOid: reader.uint32(), isIdentity }
  reader.uint32()
  return column
}

function readUpdate(reader: ByteReader): Change {
  const oid = reader.uint32()
  const letter = reader.letter()
  if (letter === 'N') return { kind: 'update', oid, before: undefined, after: readNew(reader, letter) }
  const before = readOld(reader, letter)
  return { kind: 'update', oid, before, after: readNew(reader, reader.letter()) }
}

function readDelete(reader: ByteReader): Change {
  return { kind: 'delete', oid: reader.uint32(), before: readOld(reader, reader.letter()) }
}

function readTruncate(reader: ByteReader): Change {
  const count = reader.uint32()
  reader.uint8()
  return { kind: 'truncate', oids: Array.from({ length: count }, () => reader.uint32()) }
}

function readNew(reader: ByteReader, letter: string): Tuple {
  if (letter !== 'N') throw new Error(`PostgreSQL sent a tuple "${letter}" where the new row belongs`)
  return readTuple(reader)
}

function readOld(reader: ByteReader, letter: string): OldTuple {
  if (letter !== 'K' && letter !== 'O') throw new Error(`PostgreSQL sent a tuple "${letter}" where the old row belongs`)
  return { has: letter === 'O' ? 'everything' : 'identity', tuple: readTuple(reader) }
}

function readTuple(reader: ByteReader): Tuple {
  return Array.from({ length: reader.uint16() }, () => readValue(reader))
}

function readValue(reader: ByteReader): string | null | undefined {
  const letter = reader.letter()
  if (letter === 'n') return null
  if (letter === 'u') return undefined
  if (letter === 't') return reader.text(reader.uint32())
  throw new Error(`PostgreSQL sent a value "${letter}", though only text was asked for`)
}
