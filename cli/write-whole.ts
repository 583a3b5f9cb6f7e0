import { writeSync } from 'node:fs'

/** Writes all of the text to a file that is open. One call, where the disk is nearly full, writes less than it was given. */
export function writeWhole(descriptor: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest))
}
