import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { JournalKey } from '../../../shared/store/journal-table'
import { whatIf } from '../routes/what-if'
import type { MessageRow } from '../views/message-row'
import type { WhatIfView } from '../views/routes'
import { pageInTurns } from '../window/in-turns'
import type { KeptContents } from '../window/kept-contents'
import type { MessageWindow } from '../window/message-window'
import { bodyReader } from './checked'
import { filterIn, filterSchema } from './filter-query'
import { routesIn, routesText } from './given-routes'
import { answerWithinMs, type RequestEnds } from './request-ends'
import type { RoutesParts } from './routes-parts'
import { whatIfSchema } from './routes-schemas'

const usual = 1_000

const body = Type.Object(
  {
    routes: routesText('The text of a routes file, held against the one in effect.'),
    last: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        description: `So many messages, the newest; ${usual} by default. With 0 the text alone is checked.`,
      }),
    ),
    filter: filterSchema,
  },
  { additionalProperties: false },
)
const read = bodyReader(body)

export interface WhatIfRouteParts extends RoutesParts {
  readonly window: Pick<MessageWindow, 'page'>
  /** What messages carried, as far as that is kept. */
  readonly contents: Pick<KeptContents, 'find'>
  readonly ends: RequestEnds
}

/** `POST /routes/what-if`: which past messages would have gone elsewhere by other rules. Changes nothing. */
export function addWhatIf(app: FastifyInstance, parts: WhatIfRouteParts): void {
  const { rules, known, explained, contents, window, ends } = parts
  const contentOf = (message: JournalKey) => contents.find(message)
  let isAtWork = false
  // It changes nothing, but rules of one's own can keep the console busy: not for who may only look.
  app.post('/routes/what-if', { schema: whatIfSchema(body) }, async (request, reply): Promise<WhatIfView> => {
    const { routes: text, last = usual, filter } = read(request)
    const matches = filterIn(filter, contentOf)
    const after = routesIn(text, known)
    const signal = ends.of(reply, answerWithinMs)
    const by = { parts: explained, before: rules.current(), after, catalogue: known.catalogue, contentOf, signal }
    if (last === 0) return whatIf([], by)
    if (isAtWork) throw atWork()
    isAtWork = true
    try {
      const at = explained.now()
      const asked = { matches: (row: MessageRow) => matches(row, at), before: undefined, limit: last }
      const { rows } = await pageInTurns(window, asked, signal)
      return await whatIf(rows, by)
    } finally {
      isAtWork = false
    }
  })
}

function atWork(): ProblemError {
  return new ProblemError(
    'too-many-requests',
    'somebody else tries rules on past messages in this moment; repeat after Retry-After',
    { headers: { 'retry-after': '1' } },
  )
}
