import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error'

/** The body as it came; throws a problem when it is compressed. */
export function bytesOf({ body, headers }: FastifyRequest): Buffer {
  const encoding = headers['content-encoding']
  if (encoding !== undefined)
    throw unsupported(`the Content-Encoding "${encoding}" is not taken; send the body as it is`)
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** The media type or encoding of a body is not taken. */
export function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail)
}
