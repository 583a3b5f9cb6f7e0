import { spawnSync } from 'node:child_process'

/** Debian's own comes first: it is the one that finds Debian's packages. */
const candidates = ['/usr/bin/python3', 'python3']

/** A Python that has pika; undefined where there is none. */
export function pythonWithPika(): string | undefined {
  return candidates.find((command) => spawnSync(command, ['-c', 'import pika'], { stdio: 'ignore' }).status === 0)
}
