import type { Content } from '../../../shared/journal/content'
import type { MessageRow } from '../views/message-row'

/** What a message carried; undefined where that is not known. */
export type ContentOf = (row: MessageRow) => Content | undefined

export type Matches = (row: MessageRow, now: number) => boolean

const known = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text])

/** Fields that are compared as texts, of which one message may have several. */
export const texts: Readonly<Record<string, (row: MessageRow) => readonly string[]>> = {
  id: ({ id }) => [id],
  source: ({ source }) => [source],
  type: ({ type }) => [type],
  state: ({ state }) => [state],
  group: ({ groups }) => groups.map(({ name }) => name),
  reason: ({ failure }) => known(failure?.reason),
  error: ({ failure }) => known(failure?.error),
  correlation: ({ correlationId, id }) => [correlationId ?? id],
  causation: ({ causationId }) => known(causationId),
}

export interface Comparison {
  readonly of: (row: MessageRow, now: number) => number
  /** Undefined for what is no value. */
  readonly read: (text: string) => number | undefined
  readonly allowed: string
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function durationMs(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const each = unitMs[unit]
  return amount === undefined || each === undefined ? undefined : Number(amount) * each
}

const duration = { read: durationMs, allowed: 'a duration such as 500ms, 10s, 5m, 2h or 1d' }
const time = {
  read: (text: string) => {
    const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
    return Number.isNaN(at) ? undefined : at
  },
  allowed: 'a time such as 2026-01-31T12:00:00Z',
}
const number = {
  read: (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined),
  allowed: 'a whole number',
}

/** Fields that are compared with `<` and `>`. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  age: { of: ({ at }, now) => now - at, ...duration },
  took: { of: ({ at, lastAt }) => lastAt - at, ...duration },
  began: { of: ({ at }) => at, ...time },
  ended: { of: ({ lastAt }) => lastAt, ...time },
  attempts: { of: ({ groups }) => Math.max(0, ...groups.map(({ attempt }) => attempt)), ...number },
  replays: { of: ({ groups }) => Math.max(0, ...groups.map(({ replays }) => replays)), ...number },
}
