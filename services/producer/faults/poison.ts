import type { MessageType } from '../../../shared/messages/message'
import { shapeErrors } from '../../../shared/messages/shape'
import type { Transport } from '../../../shared/messaging/transport'
import type { Struck } from '../../../shared/runtime/faults-door'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { randomHex } from '../../../shared/runtime/random-hex'
import { publishPast } from './publish-past'

interface Poison {
  readonly type: MessageType
  readonly source: string
  /** As it was asked for. */
  readonly body: unknown
}

const wrongShapes: readonly unknown[] = [{ poison: true }, 'poison', 42, null, []]

/** Publishes a message that nobody can handle, past all checks, as any AMQP client could. */
export async function poison(
  transport: Pick<Transport, 'publish'>,
  { type, source, body = 'no JSON' }: Poison,
): Promise<Struck> {
  const data = body === 'no JSON' ? '{"poison": ' : JSON.stringify(wrongShapeFor(type, body))
  const message = await publishPast(transport, {
    ...{ type, source, copies: 1, id: `poison-${randomHex(8)}` },
    contentType: 'application/json',
    data: Buffer.from(data),
  })
  return {
    detail: `a ${type.name} whose body is ${body === 'no JSON' ? 'no JSON' : 'of a wrong shape'}`,
    messages: [message],
  }
}

function wrongShapeFor(type: MessageType, body: unknown): unknown {
  if (body !== 'wrong shape')
    throw new ProblemError('refused-operation', `"body" is ${JSON.stringify(body)}; use "no JSON" or "wrong shape"`)
  const found = wrongShapes.findIndex((data) => shapeErrors(type, data).length > 0)
  if (found >= 0) return wrongShapes[found]
  throw new ProblemError('fault-unavailable', `${type.name} takes data of any shape`)
}
