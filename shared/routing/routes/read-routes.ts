import type { RouteRule } from './route-rule'
import type { WrittenRoutes, WrittenRule } from './routes-schema'
import { ruleOf, type Known } from './rule-of'
import { shapeMistakes } from './shape-mistakes'
import { readYaml, type Mistake, type YamlPath } from './yaml-text'

/** The rules of a routes file, or what is wrong with it, in the order of its lines. */
export type ReadRoutes =
  | { readonly kind: 'rules'; readonly rules: readonly RouteRule[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

/** Reads the text of a routes file and holds it against types and groups. Throws for nothing that a text can say. */
export function readRoutes(text: string, known: Known): ReadRoutes {
  const yaml = readYaml(text)
  if (yaml.kind === 'mistakes') return yaml
  const { value, lineOf } = yaml
  if (value === null)
    return { kind: 'mistakes', mistakes: [{ line: 1, text: 'the file says nothing; write version: 1' }] }
  const wrong = shapeMistakes(value).map(({ path, text: what }) => ({ line: lineOf(path), text: what }))
  if (wrong.length > 0) return { kind: 'mistakes', mistakes: byLine(wrong) }
  return checked((value as WrittenRoutes).rules, { known, lineOf })
}

interface CheckParts {
  readonly known: Known
  readonly lineOf: (path: YamlPath) => number
}

function checked(written: readonly WrittenRule[], { known, lineOf }: CheckParts): ReadRoutes {
  const rules: RouteRule[] = []
  const mistakes: Mistake[] = []
  for (const [at, each] of written.entries()) {
    const told = (key: string, text: string) =>
      mistakes.push({ line: lineOf(['rules', at, key]), text: `rule "${each.name}" ${text}` })
    if (written.findIndex(({ name }) => name === each.name) < at) told('name', 'is there twice; give it another name')
    const read = ruleOf(each, known)
    if (read.kind === 'rule') rules.push(read.rule)
    else for (const { key, text } of read.mistakes) told(key, text)
  }
  return mistakes.length > 0 ? { kind: 'mistakes', mistakes: byLine(mistakes) } : { kind: 'rules', rules }
}

function byLine(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...mistakes].sort((a, b) => a.line - b.line)
}
