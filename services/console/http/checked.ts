import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { mediaTypeOf, parseJson } from '../../../shared/messages/body'
import { asShapeError, type ShapeError } from '../../../shared/messages/shape'
import { bytesOf, unsupported } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'

const bodies = new Ajv({ allErrors: true, strict: false })
// All of a query is text, and one of several values may stand alone.
const queries = new Ajv({ allErrors: true, strict: false, coerceTypes: 'array', useDefaults: true })
const mostErrors = 20

export type Mistake = Pick<ShapeError, 'pointer' | 'detail'>

/** Reads queries of this schema; throws a problem for another. */
export function queryReader<S extends TSchema>(schema: S): (request: FastifyRequest) => Static<S> {
  const validate = queries.compile(schema)
  return ({ query }) => {
    const given = { ...(query as object) }
    return checked<S>(validate, given)
  }
}

/** Reads JSON bodies of this schema; throws a problem for another, and for what is no JSON. */
export function bodyReader<S extends TSchema>(schema: S): (request: FastifyRequest) => Static<S> {
  const validate = bodies.compile(schema)
  return (request) => {
    const media = mediaTypeOf(request.headers['content-type'])
    // A form of another site can send text/plain, and needs to ask first for this.
    if (media !== 'application/json') throw unsupported(`"${media ?? ''}" is not taken here; send application/json`)
    const parsed = parseJson(bytesOf(request))
    if (parsed.kind === 'unreadable') throw new ProblemError('unreadable-body', parsed.detail)
    return checked<S>(validate, parsed.data)
  }
}

/** What is wrong with a request, in the form in which it is told. */
export function invalid(errors: readonly Mistake[]): ProblemError {
  const told = errors.map(({ pointer, detail }) => `${pointer || 'the whole'} ${detail}`).join('; ')
  return new ProblemError('invalid-request', told, { members: { errors } })
}

function checked<S extends TSchema>(validate: ValidateFunction, data: unknown): Static<S> {
  if (validate(data)) return data as Static<S>
  const errors = (validate.errors ?? []).slice(0, mostErrors).map(asShapeError)
  throw invalid(errors.map(({ pointer, detail }) => ({ pointer, detail })))
}
