import { Type } from 'typebox'
import { readRoutes } from '../../../shared/routing/routes/read-routes'
import { RouteSet } from '../../../shared/routing/routes/route-set'
import type { Known } from '../../../shared/routing/routes/rule-of'
import { ProblemError } from '../../../shared/runtime/problem-error'

export const routesText = (description: string) => Type.String({ maxLength: 1_048_576, description })

/** The rules of a text as a routes file has it; throws a problem that has a line for each mistake. */
export function routesIn(text: string, known: Known): RouteSet {
  const read = readRoutes(text, known)
  if (read.kind === 'rules') return new RouteSet(read.rules, text)
  const told = read.mistakes.map((mistake) => `line ${mistake.line}: ${mistake.text}`).join('; ')
  throw new ProblemError('invalid-routes', told, { members: { mistakes: read.mistakes } })
}
