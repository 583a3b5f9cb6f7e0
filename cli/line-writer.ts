import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { OperationError } from '../shared/operations/operation-error'
import type { Surroundings } from './surroundings'

export interface LineWriter {
  readonly line: (text: string) => void
  /** All lines are on disk then. */
  readonly end: () => void
  /** Removes a file that is not whole. May be called after {@link end} has failed. */
  readonly discard: () => void
}

const ownerOnly = 0o600

/** Writes lines to a new file, or to where everything else goes. Throws an {@link OperationError} for a file that is there. */
export function lineWriter(file: string | undefined, { out }: Pick<Surroundings, 'out'>): LineWriter {
  if (file === undefined) return { line: out, end: () => {}, discard: () => {} }
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

/** One call may write less than it was given. */
function writeWhole(descriptor: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest))
}
