import { replyExtensions } from '../../shared/messaging/reply-line'
import type { Envelope } from '../../shared/messaging/transport'
import type { Handler } from './handler'

export interface KeptResult {
  readonly handler: Handler
  /** What the handler returned when it last did. */
  readonly result: () => unknown
}

/** A handler that remembers what it returns, where somebody waits for that; else the handler as it is. */
export function keptResult(handler: Handler, { extensions }: Pick<Envelope, 'extensions'>): KeptResult {
  if (extensions[replyExtensions.address] === undefined) return { handler, result: () => undefined }
  let result: unknown
  const handle: Handler['handle'] = async (data, context) => (result = await handler.handle(data, context))
  return { handler: { ...handler, handle }, result: () => result }
}
