/** JSON.rawJSON of ECMAScript's "JSON.parse source text access"; Node 24 has it, TypeScript's library not yet. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  readonly rawJSON: (text: string) => unknown
  readonly isRawJSON: (value: unknown) => boolean
}

/**
 * One member of a JSON object, written down again without loss: a number that a double cannot hold, such as
 * 9007199254740993, keeps its digits. `read` is what `JSON.parse` makes of the text.
 */
export function exactMember(json: string, read: object, name: string): string | undefined {
  const object = mayLoseDigits(json) ? parseExactly(json) : read
  return JSON.stringify((object as Record<string, unknown>)[name])
}

/**
 * Data that `JSON.stringify` writes down again without loss. A number that a double cannot hold, or would write otherwise,
 * is not a number in it but something that {@link isExactNumber} tells. Throws a SyntaxError for what is not JSON.
 */
export function parseExactly(json: string): unknown {
  return mayLoseDigits(json) ? JSON.parse(json, keepDigits) : JSON.parse(json)
}

/** Whether it stands for a number, although it is an object. */
export function isExactNumber(value: unknown): boolean {
  return isRawJSON(value)
}

/**
 * JSON of what {@link parseExactly} has read, for a comparison: a number stands there as a double writes it, so that 42e2
 * is 4200, unless that would be another number; then it keeps its digits.
 */
export function comparableJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, member: unknown) => (isRawJSON(member) ? asDoubleIfSame(member) : member))
}

function asDoubleIfSame(exact: unknown): unknown {
  const written = JSON.stringify(exact)
  const double = Number(written)
  return Number.isFinite(double) && decimalOf(String(double)) === decimalOf(written) ? double : exact
}

/** The one form of a number that is written in several: `-12e3` for -12000.0. */
function decimalOf(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = `${whole}${fraction}`
  let from = 0
  let to = digits.length
  // Not by a pattern for zeros at the end, which takes the square of their count.
  while (digits[from] === '0') from++
  while (to > from && digits[to - 1] === '0') to--
  if (from === to) return '0'
  return `${sign}${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`
}

// Reading with a reviver costs ten times as much, so it is left to texts that can need it. A number stands behind one of
// these; what stands behind something else, such as the digits of a UUID, is within a text.
function mayLoseDigits(json: string): boolean {
  return /(?:^|[\s:,[])-?(?:\d[\d.]{15}|\d[\d.]*[eE])/.test(json)
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value
}
