const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** An RFC 3339 time in milliseconds since 1970; undefined when the text is none. */
export function instantMs(text: string): number | undefined {
  const ms = rfc3339.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(ms) ? undefined : ms
}
