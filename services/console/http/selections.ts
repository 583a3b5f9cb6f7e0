import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { momentIn, fieldFactIn } from '../../../shared/operations/selection-text'
import type { FieldFact, LetterFacts, Selection } from '../../../shared/operations/selection'
import { comparableJson, parseExactly } from '../../../shared/runtime/exact-json'
import { invalid } from './checked'

const oneText = (description: string) => Type.Optional(Type.String({ description }))

const facts = {
  reason: oneText('Those with this reason.'),
  type: oneText('Those of this message type.'),
  signature: oneText('Those that died of the same, as /failures tells.'),
  since: oneText('Those parked at this time or later, RFC 3339.'),
  until: oneText('Those parked before this time, RFC 3339.'),
  text: Type.Optional(
    Type.String({ minLength: 1, description: 'Those in whose id or error this stands, in capitals or not.' }),
  ),
}

/** Facts in a query. */
export const factQuery = {
  ...facts,
  where: Type.Optional(
    Type.Array(Type.String(), { description: 'Those whose data says so, as POINTER=VALUE; may be repeated.' }),
  ),
}

const mostIds = 1_000

/** One or several ids, in a query. */
export const idQuery = Type.Optional(
  Type.Array(Type.String(), { maxItems: mostIds, description: 'Those with this id; may be repeated.' }),
)

/** A selection in a body: ids, or facts that all have to apply, or all. */
export const selectionBody = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: mostIds })),
    all: Type.Optional(Type.Literal(true)),
    ...facts,
    where: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), value: Type.Unknown() }, { additionalProperties: false }), {
        description: 'Those whose data has these values at these RFC 6901 pointers.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Ids, or facts that all have to apply, or "all": true.' },
)

type GivenFacts = Omit<LetterFacts, 'where'>

/** Facts of a query; throws a problem where one is none. */
export function factsIn({ where = [], ...given }: GivenFacts & { readonly where?: readonly string[] }): LetterFacts {
  return { ...timed(given, ''), ...(where.length > 0 && { where: where.map(fieldOf) }) }
}

/** Read once more, so that numbers which a double cannot hold keep their digits. The body has been checked. */
export function selectionOf({ body }: FastifyRequest): Selection {
  return selectionIn((parseExactly(String(body)) as { selection: Static<typeof selectionBody> }).selection)
}

/** What a body selects; throws a problem when that is nothing, or two ways contradict each other. */
function selectionIn({ ids, all, where = [], ...given }: Static<typeof selectionBody>): Selection {
  const found: LetterFacts = { ...timed(given, '/selection'), ...(where.length > 0 && { where: where.map(asField) }) }
  const byFacts = Object.keys(found).length > 0
  const ways = [ids !== undefined, all === true, byFacts].filter(Boolean).length
  if (ways !== 1) throw invalid([{ pointer: '/selection', detail: 'must have either "ids", or facts, or "all": true' }])
  if (ids !== undefined) return { by: 'ids', ids }
  return byFacts ? { by: 'facts', ...found } : { by: 'all' }
}

function timed(given: GivenFacts, place: string): GivenFacts {
  const moments = (['since', 'until'] as const).flatMap((name) => {
    const text = given[name]
    return text === undefined ? [] : [[name, moment(text, `${place}/${name}`)] as const]
  })
  return { ...given, ...Object.fromEntries(moments) }
}

function moment(text: string, pointer: string): string {
  const at = momentIn(text)
  if (at !== undefined) return at
  throw invalid([{ pointer, detail: 'must be a time such as 2026-01-31T12:00:00Z' }])
}

function fieldOf(text: string): FieldFact {
  const field = fieldFactIn(text)
  if (field !== undefined) return field
  throw invalid([{ pointer: '/where', detail: 'must be POINTER=VALUE, such as /orderId=A-1' }])
}

function asField({ pointer, value }: { readonly pointer: string; readonly value: unknown }): FieldFact {
  return { pointer, value: typeof value === 'string' ? value : (comparableJson(value) ?? '') }
}
