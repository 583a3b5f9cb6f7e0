import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'

/** A path into a document: names of keys, and places in lists from 0. */
export type YamlPath = readonly (string | number)[]

export interface Mistake {
  readonly line: number
  readonly text: string
}

/** A document that was read, or why it cannot be. */
export type YamlText =
  { readonly kind: 'value'; readonly value: unknown; readonly lineOf: (path: YamlPath) => number } | Unreadable

interface Unreadable {
  readonly kind: 'mistakes'
  readonly mistakes: readonly Mistake[]
}

const mostBytes = 1_048_576
const mostTold = 20
const tooDeep = 'it is nested too deep to be read'

/**
 * Reads YAML 1.2 by its core schema. No aliases, since few lines of them unfold to gigabytes, and no tags: a text is a text.
 */
export function readYaml(text: string): YamlText {
  const bytes = Buffer.byteLength(text)
  if (bytes > mostBytes) return unreadable(1, `it has ${bytes} bytes; ${mostBytes} are allowed`)
  try {
    return read(text)
  } catch (error) {
    if (error instanceof RangeError) return unreadable(1, tooDeep)
    throw error
  }
}

function read(text: string): YamlText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: 'core' })
  const told = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lineAt(lines, pos[0]),
    text: message.replace(/\s+/g, ' '),
  }))
  const mistakes = [...told, ...aliasesIn(document, lines)]
  // A list in a list in a list, thousands deep: the parser tells of its stack, once for each.
  if (told.some((each) => each.text.includes('call stack'))) return unreadable(1, tooDeep)
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes: mistakes.slice(0, mostTold) }
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  return { kind: 'value', value, lineOf: (path) => lineOf(document, lines, path) }
}

function unreadable(line: number, text: string): Unreadable {
  return { kind: 'mistakes', mistakes: [{ line, text }] }
}

function aliasesIn(document: Document.Parsed, lines: LineCounter): readonly Mistake[] {
  const found: Mistake[] = []
  visit(document, {
    Alias: (_, { source, range }) => {
      found.push({ line: lineAt(lines, range?.[0] ?? 0), text: `*${source} is an alias; write out what it stands for` })
    },
  })
  return found
}

/** Of the key, where the path leads to one; else of the nearest that is there. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: YamlPath): number {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset !== undefined) return lineAt(lines, offset)
  }
  return 1
}

function offsetOf(document: Document.Parsed, path: YamlPath): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = document.getIn(path, true)
  return isNode(node) && !isAlias(node) ? node.range?.[0] : undefined
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line)
}
