import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../../../shared/runtime/clock'
import { answerEvents } from '../live/event-lines'
import { LiveFrames, type LiveParts } from '../live/live-frames'
import { ranges, type RangeName } from '../views/numbers'
import type { KeptContents } from '../window/kept-contents'
import { queryReader } from './checked'
import { filterIn, filterSchema } from './filter-query'
import { streamWithinMs, type RequestEnds } from './request-ends'
import { liveSchema } from './watch-schemas'

const query = Type.Object(
  {
    filter: filterSchema,
    range: Type.Optional(
      Type.Union(
        Object.keys(ranges).map((name) => Type.Literal(name as RangeName)),
        { description: 'Sends the numbers of this time as well.' },
      ),
    ),
    rows: Type.Optional(Type.Literal('none', { description: 'Sends no messages.' })),
    last: Type.Optional(
      Type.String({ maxLength: 100, description: 'Where to go on, for whoever cannot send Last-Event-ID.' }),
    ),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

/** At most four frames a second. */
const frameEveryMs = 250

export interface LiveRoutes {
  readonly ends: RequestEnds
  readonly live: LiveParts & { readonly contents: Pick<KeptContents, 'find'> }
  readonly clock: Pick<Clock, 'after'>
}

/** `GET /live`: what changes, as server-sent events. */
export function addLive(app: FastifyInstance, { ends, live, clock }: LiveRoutes): void {
  app.get('/live', { schema: liveSchema(query) }, (request, reply) => {
    const { filter, range, rows, last } = read(request)
    const matches = filterIn(filter, (row) => live.contents.find(row))
    const told = request.headers['last-event-id'] ?? last
    const frames = new LiveFrames(live, {
      matches: rows === 'none' ? undefined : matches,
      range,
      last: typeof told === 'string' ? told : undefined,
    })
    const signal = ends.of(reply, streamWithinMs)
    return answerEvents(reply, {
      signal,
      work: async (send) => {
        while (!signal.aborted) {
          const data = await frames.next(signal)
          if (data !== undefined) await send({ id: frames.id, data })
          await soon(clock, signal)
        }
      },
    })
  })
}

function soon(clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      cancel()
      resolve()
    }
    const cancel = clock.after(frameEveryMs, done)
    signal.addEventListener('abort', done, { once: true })
  })
}
