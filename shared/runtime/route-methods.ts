import type { FastifyInstance } from 'fastify'

/** Remembers the routes that are added from now on; answers with the methods that a path takes, none if unknown. */
export function watchMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const methodsByPattern = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set()
    methodsByPattern.set(url, methods)
    for (const one of [method].flat()) methods.add(one)
  })
  return (path) => {
    const matching = [...methodsByPattern].filter(([pattern]) => matches(pattern.split('/'), path.split('/')))
    return [...new Set(matching.flatMap(([, methods]) => [...methods]))].sort()
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return path.length >= pattern.length && matches(pattern.slice(0, -1), path.slice(0, pattern.length - 1))
  return (
    pattern.length === path.length &&
    pattern.every((segment, index) => segment === path[index] || (segment.startsWith(':') && path[index] !== ''))
  )
}
