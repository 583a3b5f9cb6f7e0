import type { FastifyInstance } from 'fastify'
import type { Group } from '../../../shared/messages/group'
import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import { groupTopologies } from '../../../shared/operations/group-topology'
import type { ContractView } from '../views/contract'
import { contractsSchema } from './watch-schemas'

export interface ListContractsParts {
  readonly catalogue: readonly MessageType[]
  readonly groups: readonly Group[]
}

/** `GET /contracts`: what may be said, and who takes it. */
export function addListContracts(app: FastifyInstance, { catalogue, groups }: ListContractsParts): void {
  const contracts = catalogue.map((type) => contractOf(type, groups))
  app.get('/contracts', { schema: contractsSchema }, () => ({ contracts }))
}

function contractOf(type: MessageType, groups: readonly Group[]): ContractView {
  const { name, kind, description, schema, examples, delivery, acceptance, partitions } = type
  const takers = groupTopologies(groups).filter(({ routes }) => routes.some((route) => route.type === name))
  return {
    ...{ name, kind, description, schema, examples, acceptance, partitions },
    ...delivery,
    contentType: contentTypeOf(type),
    groups: takers.map((group) => group.name),
  }
}
