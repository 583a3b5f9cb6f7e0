// Two of them together have to fit into an index of PostgreSQL, which takes 2,704 bytes.
const mostKeyBytes = 1_024

/** Whether a text may be an id, a source or a type in the journal. */
export function isKey(text: unknown): text is string {
  return typeof text === 'string' && (text.length * 3 <= mostKeyBytes || Buffer.byteLength(text) <= mostKeyBytes)
}

/** A text as every database takes it. */
export function storable(text: string): string {
  return /[\0\ud800-\udfff]/.test(text) ? text.toWellFormed().replaceAll('\0', '\ufffd') : text
}
