import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const whole = 'whole'
const selection = 'selection'

/** The part of all tests that Jest is asked for: `whole`, `2-of-3` for `--shard=2/3`, or else a `selection`. */
export function partOf(jestArguments: readonly string[]): string {
  if (jestArguments.length === 0) return whole
  const [, part, parts] = /^--shard[= ](\d+)\/(\d+)$/.exec(jestArguments.join(' ')) ?? []
  return part === undefined || parts === undefined ? selection : `${part}-of-${parts}`
}

/**
 * Makes room for the figures of a part: what this part has measured before goes, and of whole and parts what does not
 * add up with it. Answers with the file that they are to be written to.
 */
export function beginPart(directory: string, part: string): string {
  mkdirSync(directory, { recursive: true })
  for (const other of partsIn(directory)) {
    const isOutdated = part !== selection && other !== selection && !addUp(part, other)
    if (other === part || isOutdated) rmSync(fileOf(directory, other))
  }
  return fileOf(directory, part)
}

/** The parts that are told together with this one, and their files. */
export function figureFiles(directory: string, part: string) {
  const parts = partsIn(directory).filter((other) => addUp(part, other))
  return { parts, files: parts.map((each) => fileOf(directory, each)) }
}

function addUp(one: string, other: string): boolean {
  return one.split('-of-').at(-1) === other.split('-of-').at(-1)
}

function partsIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl'))
  return names.map((name) => name.slice(0, -'.jsonl'.length)).sort()
}

function fileOf(directory: string, part: string): string {
  return join(directory, `${part}.jsonl`)
}
