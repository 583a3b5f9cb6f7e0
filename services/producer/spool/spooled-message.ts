import { laneOf, type StoredMessage } from '../../../shared/forwarding/stored-message'
import type { Envelope, Route } from '../../../shared/messaging/transport'
import type { SpoolEntry } from '../../../shared/store/spool'

/** The length of the header (4 bytes, big-endian), the header as JSON, the data. */
export function toEntry({ envelope, route }: StoredMessage): SpoolEntry {
  const { data, ...attributes } = envelope
  const header = Buffer.from(JSON.stringify({ ...attributes, kind: route.kind }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  return { lane: laneOf(envelope), bytes: Buffer.concat([length, header, data]) }
}

/** Throws when the bytes were not written by {@link toEntry}. */
export function fromEntry(bytes: Buffer): StoredMessage {
  const headerEnd = 4 + bytes.readUInt32BE(0)
  const { kind, ...attributes } = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as Omit<Envelope, 'data'> & Route
  // JSON has no undefined: an attribute that is not there is one.
  const { id, source, type, time, contentType, extensions } = attributes
  return {
    envelope: { id, source, type, time, contentType, extensions, data: bytes.subarray(headerEnd) },
    route: { kind },
  }
}
