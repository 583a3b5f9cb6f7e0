import type { Reservation, Row } from './store'

/** What the kept row says about a request that comes with the same id. */
export function seenBefore(kept: Row | undefined, fingerprint: string): Reservation {
  if (kept?.fingerprint !== fingerprint) return { kind: 'different' }
  const { accepted_as: acceptedAs } = kept
  return { kind: 'same', acceptedAs: typeof acceptedAs === 'string' ? acceptedAs : undefined }
}
