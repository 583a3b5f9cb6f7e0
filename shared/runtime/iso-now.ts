let atMs = NaN
let text = ''

/** The time as `Date.prototype.toISOString` has it. Spelt out once for each millisecond, since spelling costs more than asking. */
export function isoNow(): string {
  const now = Date.now()
  if (now !== atMs) {
    atMs = now
    text = new Date(now).toISOString()
  }
  return text
}
