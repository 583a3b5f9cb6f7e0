import type { ASTNode } from '@marcbachmann/cel-js'

/** A place in `event` that an expression reads: `event.data.amountCents`. */
export interface EventPath {
  readonly text: string
  /** Behind `event`: `data`, `amountCents`. */
  readonly names: readonly string[]
}

/** All places that an expression reads by name, each once and at its full length. */
export function pathsIn(node: ASTNode): readonly EventPath[] {
  const paths = new Map<string, EventPath>()
  collect(node, paths)
  return [...paths.values()]
}

function collect(node: ASTNode, paths: Map<string, EventPath>): void {
  const names = namesOf(node)
  if (names === undefined) return childrenOf(node).forEach((child) => collect(child, paths))
  const text = ['event', ...names].join('.')
  if (names.length > 0) paths.set(text, { text, names })
}

/** Undefined for what is no plain way into `event`. */
function namesOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return node.args === 'event' ? [] : undefined
  if (node.op !== '.') return undefined
  const before = namesOf(node.args[0])
  return before && [...before, node.args[1]]
}

/** The nodes that stand right below one. */
export function childrenOf({ args }: ASTNode): readonly ASTNode[] {
  return nodesIn(args)
}

function nodesIn(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn)
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : []
}
