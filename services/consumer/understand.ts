import { decodeBody } from '../../shared/messages/body'
import { shapeErrors } from '../../shared/messages/shape'
import type { Delivery, Envelope, Failure, Reason } from '../../shared/messaging/transport'
import type { Handler } from './handler'

/** A delivery that a handler can run on, or the reason why none ever will. */
export type Understood =
  | { readonly kind: 'job'; readonly handler: Handler; readonly envelope: Envelope; readonly data: unknown }
  | { readonly kind: 'refused'; readonly failure: Failure }

/** Finds the handler and reads the data. What fails here fails every time, so it is never retried. */
export function understand({ content, group }: Delivery, handlers: readonly Handler[]): Understood {
  if (content.kind === 'malformed') return refused('malformed', content.detail)
  const { envelope } = content
  const handler = handlers.find((each) => each.group === group && each.type.name === envelope.type)
  if (handler === undefined) return refused('unknown_type', `group "${group}" takes no "${envelope.type}"`)
  const decoded = decodeBody(envelope.data, envelope.contentType, handler.type)
  if (decoded.kind === 'unreadable') return refused('malformed', decoded.detail)
  const errors = shapeErrors(handler.type, decoded.data)
  if (errors.length > 0)
    return refused('invalid', errors.map(({ pointer, detail }) => `${pointer || '/'} ${detail}`).join('; '))
  return { kind: 'job', handler, envelope, data: decoded.data }
}

function refused(reason: Reason, message: string): Understood {
  return { kind: 'refused', failure: { reason, errorClass: 'Refused', message, stack: undefined } }
}
