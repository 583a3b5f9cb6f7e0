import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ranges, type NumbersView, type RangeName } from '../views/numbers'
import type { SystemView } from '../views/system'
import { queryReader } from './checked'
import { numbersSchema, systemSchema } from './watch-schemas'

const query = Type.Object(
  {
    range: Type.Union(
      Object.keys(ranges).map((name) => Type.Literal(name as RangeName)),
      { default: '5m', description: 'The time up to now.' },
    ),
  },
  { additionalProperties: false },
)
const read = queryReader(query)

export interface ShowNumbersParts {
  readonly numbers: (range: RangeName) => NumbersView
  readonly system: () => SystemView
}

/** `GET /numbers` and `GET /system`: what `/live` tells, for whoever asks once. */
export function addShowNumbers(app: FastifyInstance, { numbers, system }: ShowNumbersParts): void {
  app.get('/numbers', { schema: numbersSchema(query) }, (request) => numbers(read(request).range))
  app.get('/system', { schema: systemSchema }, () => system())
}
