import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { OperationError } from '../shared/operations/operation-error'
import type { Surroundings } from './surroundings'
import { writeWhole } from './write-whole'

export interface LineWriter {
  /** To be waited for: what standard output does not take would fill our memory. */
  readonly line: (text: string, signal: AbortSignal) => void | Promise<void>
  /** All lines are on disk then. */
  readonly end: () => void
  /** Removes a file that is not whole. May be called after {@link end} has failed. */
  readonly discard: () => void
}

const ownerOnly = 0o600

/** Writes lines to a new file, or to where everything else goes. Throws an {@link OperationError} for a file that is there. */
export function lineWriter(file: string | undefined, { out, taken }: Pick<Surroundings, 'out' | 'taken'>): LineWriter {
  if (file === undefined)
    return { line: (text, signal) => (out(text), taken(signal)), end: () => {}, discard: () => {} }
  const descriptor = openNew(file)
  return {
    line: (text) => writeWhole(descriptor, `${text}\n`),
    end: () => {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
    discard: () => rmSync(file, { force: true }),
  }
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', ownerOnly)
  } catch (error) {
    throw new OperationError(
      `${file} cannot be written: ${(error as Error).message}; name a file that is not there yet`,
    )
  }
}
