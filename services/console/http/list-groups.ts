import type { FastifyInstance } from 'fastify'
import type { DeadLetters } from '../../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { groupTopologies } from '../../../shared/operations/group-topology'
import type { LetterRoutes } from './letter-routes'
import { answerWithinMs } from './request-ends'
import { groupsSchema } from './schemas'

/** `GET /dead-letters`: each group with its count. */
export function addListGroups(app: FastifyInstance, { desk, ends, groups }: LetterRoutes): void {
  const topologies = groupTopologies(groups)
  app.get('/dead-letters', { schema: groupsSchema }, (_request, reply) => {
    const signal = ends.of(reply, answerWithinMs)
    return desk.with(signal, async (deadLetters) => {
      const counted = []
      for (const group of topologies) counted.push(await countOf(group, deadLetters))
      return { groups: counted }
    })
  })
}

async function countOf(group: GroupTopology, deadLetters: DeadLetters) {
  const { name } = group
  const links = { self: `/dead-letters/${name}` }
  const ready = await deadLetters.count(group)
  return { name, ready, links }
}
