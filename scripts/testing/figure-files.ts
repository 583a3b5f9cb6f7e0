import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const whole = 'whole'

/** The part of all tests that Jest is asked for, `2-of-3` for `--shard=2/3`; all are the part `whole`. */
export function partOf(jestArguments: readonly string[]): string {
  const [, part, parts] = /(?:^|,)--shard[=,](\d+)\/(\d+)(?:,|$)/.exec(jestArguments.join(',')) ?? []
  return part === undefined || parts === undefined ? whole : `${part}-of-${parts}`
}

/**
 * Makes room for the figures of a part: what this part has measured before goes, and so does what does not add up with
 * it, which are the whole and the parts of another division. Answers with the file that they are to be written to.
 */
export function beginPart(directory: string, part: string): string {
  mkdirSync(directory, { recursive: true })
  const [, division] = part.split('-of-')
  for (const other of partsIn(directory))
    if (other === part || division === undefined || !other.endsWith(`-of-${division}`)) rmSync(fileOf(directory, other))
  return fileOf(directory, part)
}

/** The parts that have figures, and their files. */
export function figureFiles(directory: string): {
  readonly parts: readonly string[]
  readonly files: readonly string[]
} {
  const parts = partsIn(directory)
  return { parts, files: parts.map((part) => fileOf(directory, part)) }
}

function partsIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl'))
  return names.map((name) => name.slice(0, -'.jsonl'.length)).sort()
}

function fileOf(directory: string, part: string): string {
  return join(directory, `${part}.jsonl`)
}
