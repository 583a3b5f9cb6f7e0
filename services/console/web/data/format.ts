const thousands = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function count(value: number): string {
  return thousands.format(value)
}

/** `12 ms`, `1.4 s`, `3 min 5 s`, `2 h 10 min`, `4 d`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(3))} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return joined(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** With as many digits as a person reads: `0.3`, `12.5`, `1,240`. */
export function rate(value: number): string {
  if (value === 0) return '0'
  return value < 100 ? String(Number(value.toPrecision(value < 1 ? 2 : 3))) : count(value)
}

/** By the browser's clock zone, to the millisecond: `14:02:11.480`. */
export function clockTime(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

/** By the browser's clock zone, to the second: `2026-01-31 14:02:11`. */
export function dayAndTime(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(at).slice(0, 8)}`
}

export function fullTime(at: number): string {
  return new Date(at).toISOString()
}

/** The end of a long id is what tells it from its neighbours. */
export function shortId(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 8)}…${id.slice(-8)}`
}

/** `1 queue`, `3 queues`. */
export function many(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
