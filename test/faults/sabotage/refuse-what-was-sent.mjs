/** Sabotage: the caller is told that nothing was published, although it was. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { ProblemError } = require('../../../dist/shared/runtime/problem-error.js')
const outcome = require('../../../dist/services/producer/outcome.js')

outcome.answerTo = () => {
  throw new ProblemError('not-accepted', 'sabotage', { members: { outcome: 'not_accepted' } })
}
