import type { FastifyInstance } from 'fastify'
import { decodeBody } from '../../../shared/messages/body'
import type { MessageType } from '../../../shared/messages/message'
import { shapeErrors } from '../../../shared/messages/shape'
import { bytesOf } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { checkDataSchema } from './watch-schemas'

/** `POST /contracts/TYPE/check`: what the producer would find wrong with data, which is sent nowhere. */
export function addCheckData(app: FastifyInstance, catalogue: readonly MessageType[]): void {
  const options = { schema: checkDataSchema, config: { changes: 'nothing' } } as const
  app.post<{ Params: { type: string } }>('/contracts/:type/check', options, (request) => {
    const { type: name } = request.params
    const type = catalogue.find((each) => each.name === name)
    if (type === undefined)
      throw new ProblemError(
        'unknown-type',
        `there is no message type "${name}"; there are ${catalogue.map((each) => each.name).join(', ')}`,
      )
    const body = decodeBody(bytesOf(request), request.headers['content-type'], type)
    if (body.kind === 'unreadable') return { errors: [{ pointer: '', detail: body.detail }] }
    return { errors: shapeErrors(type, body.data).map(({ pointer, detail }) => ({ pointer, detail })) }
  })
}
