import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The project's folder. */
export const root = join(__dirname, '..', '..')

/** A fenced block of a document. */
export interface Block {
  readonly language: string
  readonly text: string
  /** `docs/README.md:12`, where the block begins. */
  readonly place: string
}

/** Every Markdown document of the project, as a path from its folder. */
export function documents(): readonly string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), 'utf8')
}

/** The fenced blocks of a document, in order. */
export function blocksOf(document: string): readonly Block[] {
  const text = textOf(document)
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: inside = '', index }) => ({
    language,
    text: inside.trimEnd(),
    place: `${document}:${text.slice(0, index).split('\n').length}`,
  }))
}

/** The text without its fenced blocks and inline code, in which nothing is a link. */
export function proseOf(document: string): string {
  return textOf(document)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, 'code')
}
