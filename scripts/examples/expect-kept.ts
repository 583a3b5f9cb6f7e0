import { inspect, isDeepStrictEqual } from 'node:util'
import type { Found } from '../../examples/stage'

/** The line that says that a promise was kept. Throws an Error that says what was found in its place. */
export function expectKept(promise: string, { found, wanted }: Found): string {
  // Rows of a store have no prototype, which would make them differ from a literal.
  if (isDeepStrictEqual(plain(found), plain(wanted))) return `kept: ${promise}`
  throw new Error(`not kept: ${promise}; wanted ${shown(wanted)}, found ${shown(found)}`)
}

function plain(value: unknown): unknown {
  return structuredClone(value)
}

function shown(value: unknown): string {
  return inspect(plain(value), { depth: 4, breakLength: Infinity })
}
