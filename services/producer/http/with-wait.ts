import type { FastifyReply } from 'fastify'
import { letBodyGo } from '../../../shared/runtime/body-budget'
import type { Accepted } from '../outcome'
import { waitSeconds } from '../waiting/prefer'
import { answerAfter, type Processed } from '../waiting/processed'
import type { AskedMessage, Wait } from '../waiting/wait'
import type { Waits } from '../waiting/waits'

/** Makes ready to wait for a message that is about to be accepted; answers with the extensions it has to carry. */
export type Begin = (message: AskedMessage) => Promise<Readonly<Record<string, string>>>

export interface WithWaitParts {
  readonly waits: Waits
  /** Accepts the message, and calls `begin` for the one that is published. */
  readonly accept: (begin: Begin | undefined) => Promise<Accepted>
  readonly kindOf: (type: string) => 'command' | 'event'
}

/**
 * Accepts a message and, where the request prefers that, waits for what becomes of it. Whatever stands in the way of the
 * wait costs the caller the result alone: he is answered as if he had not asked.
 */
export function withWait(reply: FastifyReply, parts: WithWaitParts): Promise<Accepted | Processed> {
  const seconds = waitSeconds(reply.request.headers['prefer'])
  return seconds === undefined ? parts.accept(undefined) : waited(reply, seconds, parts)
}

async function waited(
  reply: FastifyReply,
  seconds: number,
  { waits, accept, kindOf }: WithWaitParts,
): Promise<Accepted | Processed> {
  let wait: Wait | undefined
  const begin: Begin = async (message) => {
    wait = await waits.begin(message, seconds)
    return wait?.extensions ?? {}
  }
  try {
    const accepted = await accept(begin)
    // A repeat of a stored key is accepted without another message, and rules may want one nowhere.
    if (wait === undefined || wait.isForNobody || accepted.outcome === 'dropped') return accepted
    // What waits is safe without it, and the room is for those who bring a message.
    letBodyGo(reply.request)
    return answerAfter(await endingOf(reply, wait, { waits, accepted }), accepted, kindOf(accepted.type))
  } finally {
    if (wait !== undefined) waits.forget(wait)
  }
}

async function endingOf(
  reply: FastifyReply,
  wait: Wait,
  { waits, accepted }: { readonly waits: Waits; readonly accepted: Accepted },
) {
  const { raw: response, request } = reply
  void reply.header('preference-applied', `wait=${wait.seconds}`)
  const left = () => wait.end({ kind: 'untold', why: 'left' })
  response.once('close', left)
  // He may have gone while the message was accepted, which nobody tells any more.
  if (response.destroyed) left()
  const startedAt = performance.now()
  const ending = await waits.ending(wait, accepted.type)
  response.off('close', left)
  request.facts.wait = {
    ms: Math.round(performance.now() - startedAt),
    ending: ending.kind === 'untold' ? ending.why : ending.kind,
  }
  return ending
}
