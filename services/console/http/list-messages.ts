import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { MessagePage, MessageRow, WindowFacts } from '../views/message-row'
import { pageInTurns } from '../window/in-turns'
import type { MessageWindow } from '../window/message-window'
import type { KeptContents } from '../window/kept-contents'
import { queryReader } from './checked'
import { filterIn, filterSchema } from './filter-query'
import { answerWithinMs, type RequestEnds } from './request-ends'
import { messagesSchema } from './watch-schemas'

const query = Type.Object(
  {
    filter: filterSchema,
    before: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Those with smaller numbers: "next" of the page before.' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

export interface ListMessagesParts {
  readonly ends: RequestEnds
  readonly window: Pick<MessageWindow, 'page'>
  readonly contents: Pick<KeptContents, 'find'>
  readonly windowFacts: () => WindowFacts
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** `GET /messages`: the messages in memory that a filter lets through, the newest first. */
export function addListMessages(app: FastifyInstance, parts: ListMessagesParts): void {
  const { ends, window, contents, windowFacts, now } = parts
  app.get('/messages', { schema: messagesSchema(query) }, async (request, reply): Promise<MessagePage> => {
    const { filter, before, limit } = read(request)
    const matches = filterIn(filter, (row) => contents.find(row))
    const at = now()
    const asked = { matches: (row: MessageRow) => matches(row, at), before, limit }
    const page = await pageInTurns(window, asked, ends.of(reply, answerWithinMs))
    return { ...page, window: windowFacts() }
  })
}
