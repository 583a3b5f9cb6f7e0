import type { Sample } from './comparison'
import { slope } from './slope'

/** Resident memory once so many messages had passed. */
export interface Reading {
  readonly messages: number
  readonly bytes: number
  /** What a full collection then left; asked for halfway and at the end. */
  readonly keptBytes?: number
}

/** The name of a figure. */
export const memoryAtEnd = 'MiB at the end'

const mebibyte = 1_048_576
const million = 1_000_000

/**
 * What the readings come to. The slope is taken over their second half: in the first, code is compiled and pools and
 * caches fill up.
 */
export function memoryGrowth(readings: readonly Reading[]): Sample {
  const [first, last] = [readings[0], readings.at(-1)]
  if (first === undefined || last === undefined) throw new Error('no memory was read')
  const later = readings.filter(({ messages }) => messages * 2 >= last.messages)
  const perMessage = slope(later.map(({ messages, bytes }) => ({ x: messages, y: bytes / mebibyte })))
  return {
    'MiB at the start': first.bytes / mebibyte,
    [memoryAtEnd]: last.bytes / mebibyte,
    'MiB per million': perMessage * million,
    'MiB kept': (last.keptBytes ?? NaN) / mebibyte,
    'MiB kept per million': keptPerMessage(readings) * million,
  }
}

function keptPerMessage(readings: readonly Reading[]): number {
  const asked = readings.flatMap(({ messages, keptBytes }) =>
    keptBytes === undefined ? [] : [{ x: messages, y: keptBytes / mebibyte }],
  )
  return slope(asked)
}
