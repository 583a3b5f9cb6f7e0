/** What PostgreSQL's `pgoutput` would send. */
export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/** With its end. */
export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

/** `undefined`: a value that is not told. */
export function tuple(values: readonly (string | null | undefined)[]): Buffer {
  const parts = values.map((value) => {
    if (value === null) return Buffer.from('n')
    if (value === undefined) return Buffer.from('u')
    return Buffer.concat([Buffer.from('t'), uint32(Buffer.byteLength(value)), Buffer.from(value)])
  })
  return Buffer.concat([uint16(values.length), ...parts])
}

export type ColumnFacts = readonly [name: string, typeOid: number, isIdentity: boolean]

/** The description of `public.orders`. */
export function relationBytes(oid: number, identity: string, columns: readonly ColumnFacts[]): Buffer {
  const described = columns.map(([name, typeOid, isIdentity]) =>
    Buffer.concat([Buffer.of(isIdentity ? 1 : 0), text(name), uint32(typeOid), uint32(0xffff_ffff)]),
  )
  const head = [Buffer.from('R'), uint32(oid), text('public'), text('orders'), Buffer.from(identity)]
  return Buffer.concat([...head, uint16(columns.length), ...described])
}
