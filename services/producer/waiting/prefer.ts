/** `Prefer` of RFC 7240, of which `wait` alone is heeded. */

const mostWaitSeconds = 60

// A preference: a name, perhaps a value, perhaps parameters. Values may be quoted, with commas and semicolons in them.
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const value = `(?:${token}|"(?:[^"\\\\]|\\\\.)*")`
const pair = `${token}(?:[ \\t]*=[ \\t]*${value})?`
const preferences = new RegExp(
  `(?:^|,)[ \\t]*(${token})(?:[ \\t]*=[ \\t]*(${value}))?(?:[ \\t]*;(?:[ \\t]*${pair})?)*[ \\t]*(?=,|$)`,
  'g',
)

/**
 * How long the caller would like to wait for the result: whole seconds from 1 to {@link mostWaitSeconds}, more being taken
 * for that. Undefined where he does not say, or says something else: a preference that cannot be understood is ignored
 * (RFC 7240, 2), and of several alike the first counts.
 */
export function waitSeconds(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined
  const text = typeof header === 'string' ? header : header.join(',')
  for (const [, name = '', given = ''] of text.matchAll(preferences))
    if (name.toLowerCase() === 'wait') return secondsIn(given.startsWith('"') ? given.slice(1, -1) : given)
  return undefined
}

function secondsIn(text: string): number | undefined {
  const seconds = /^\d+$/.test(text) ? Number(text) : 0
  return seconds < 1 ? undefined : Math.min(seconds, mostWaitSeconds)
}
