import type { MessageType } from '../../../shared/messages/message'
import type { Transport } from '../../../shared/messaging/transport'
import type { Struck } from '../../../shared/runtime/faults-door'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { randomHex } from '../../../shared/runtime/random-hex'
import { exampleOf } from './example-of'
import { publishPast } from './publish-past'

interface Duplicate {
  readonly type: MessageType
  readonly source: string
  /** As it was asked for: 2 to 20, 5 where it was not. */
  readonly copies: unknown
}

/** Publishes one valid message several times with one id, as a sender does who repeats what he holds for lost. */
export async function duplicate(
  transport: Pick<Transport, 'publish'>,
  { type, source, copies = 5 }: Duplicate,
): Promise<Struck> {
  if (typeof copies !== 'number' || !Number.isInteger(copies) || copies < 2 || copies > 20)
    throw new ProblemError(
      'refused-operation',
      `"copies" is ${JSON.stringify(copies)}; use a whole number from 2 to 20`,
    )
  const id = `duplicate-${randomHex(8)}`
  const message = await publishPast(transport, { type, source, id, copies, ...exampleOf(type) })
  return { detail: `a ${type.name}, ${copies} times with one id`, messages: [message] }
}
