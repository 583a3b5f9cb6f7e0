import type { MessageType } from '../../../shared/messages/message'
import type { Transport } from '../../../shared/messaging/transport'
import { linkFaults } from '../../../shared/operations/link-faults'
import type { FaultActs } from '../../../shared/runtime/faults-door'
import { killFault } from '../../../shared/runtime/kill-fault'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { duplicate } from './duplicate'
import { poison } from './poison'
import { repeat } from './repeat'

export interface ProducerFaultsParts {
  readonly transport: Pick<Transport, 'publish' | 'status' | 'faults'>
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
}

/** What a producer can be made to suffer, and to do to others. */
export function producerFaults({ transport, catalogue, namespace }: ProducerFaultsParts): FaultActs {
  const source = `/${namespace}/faults`
  const obstacle = () => {
    const { ok, detail } = transport.status().publishing
    return ok ? undefined : detail
  }
  const named = (asked: Readonly<Record<string, unknown>>) => typeIn(asked, catalogue)
  return {
    ...linkFaults(() => transport),
    poison: {
      obstacle,
      strike: async (asked) => poison(transport, { type: named(asked), source, body: asked['body'] }),
    },
    duplicate: {
      obstacle,
      strike: async (asked) => duplicate(transport, { type: named(asked), source, copies: asked['copies'] }),
    },
    repeat: {
      obstacle,
      strike: async (asked) => repeat(transport, { type: named(asked), id: asked['id'], source: asked['source'] }),
    },
    kill: killFault,
  }
}

function typeIn({ type: name }: Readonly<Record<string, unknown>>, catalogue: readonly MessageType[]): MessageType {
  const type = catalogue.find((each) => each.name === name)
  if (type !== undefined) return type
  const known = catalogue.map((each) => each.name).join(', ')
  throw new ProblemError('unknown-type', `"type" is ${JSON.stringify(name)}; there are ${known}`)
}
