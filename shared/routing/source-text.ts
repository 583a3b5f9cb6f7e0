import { Environment, type ASTNode } from '@marcbachmann/cel-js'
import { limits } from './event-types'

const mostAround = 8

/**
 * A node in the words of whoever wrote the expression. The parser's ranges leave out brackets at their edges, so it is
 * the narrowest cut around the range that can be read.
 */
export function sourceOf({ input, range }: ASTNode): string {
  for (let around = 0; around <= mostAround; around++)
    for (let before = 0; before <= around; before++) {
      const start = Math.max(0, range.start - before)
      const text = input.slice(start, range.end + around - before)
      if (isOnlyBrackets(input.slice(start, range.start)) && isReadable(text)) return text.trim()
    }
  return input
}

function isOnlyBrackets(text: string): boolean {
  return /^[(\s]*$/.test(text)
}

function isReadable(text: string): boolean {
  try {
    new Environment(limits).parse(text)
    return true
  } catch {
    return false
  }
}
