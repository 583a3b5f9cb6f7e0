import type { BrokerObject, Facts, Found, FoundObject } from '../broker-objects'
import { exchangeDeclaration, isMissing, queueDeclaration, type Declaration } from './declarations'
import { withLanes, type Lane } from './lanes'
import type { Link } from './link'
import { readMismatch } from './mismatch'
import { exchangeObject, queueObject } from './objects-of'
import type { TopologyPlan } from './topology'

interface Asked {
  readonly object: BrokerObject
  readonly declaration: Declaration
}

/**
 * As much as AMQP tells of what the plans name, and nothing of what they do not name: whether each is there, and the
 * first of its facts that is another than declared. An object that is deleted between the two questions is made.
 */
export async function seeByAmqp(link: Link, plans: readonly TopologyPlan[], why: string): Promise<Found> {
  const asked = plans.flatMap(({ exchanges, queues }): readonly Asked[] => [
    ...exchanges.map((plan) => ({ object: exchangeObject(plan), declaration: exchangeDeclaration(plan) })),
    ...queues.map((plan) => ({ object: queueObject(plan), declaration: queueDeclaration(plan) })),
  ])
  const objects: FoundObject[] = []
  await withLanes(link, (overLanes) =>
    overLanes(asked, async (lane, one) => {
      const found = await seeOne(link, lane, one)
      if (found !== undefined) objects.push(found)
    }),
  )
  return {
    objects,
    bindings: undefined,
    unseen: `${why}; so bindings, policies, and what nobody declared cannot be seen, and of an object only the first difference`,
  }
}

/** Undefined when it is missing. */
async function seeOne(link: Link, lane: Lane, { object, declaration }: Asked): Promise<FoundObject | undefined> {
  if (await isMissing(link, await lane(), declaration)) return undefined
  const channel = await lane()
  try {
    await link.ask(`compare ${declaration.name}`, (done) => declaration.declare(channel.raw, done))
    return object
  } catch (error) {
    const mismatch = readMismatch(error as Error)
    if (mismatch === undefined) throw error
    channel.fail((error as Error).message)
    return { ...object, facts: withFound(object.facts, mismatch.argument, mismatch.current) }
  }
}

// The broker tells each value as text.
function withFound(facts: Facts, argument: string, current: string): Facts {
  if (current === 'none') return Object.fromEntries(Object.entries(facts).filter(([name]) => name !== argument))
  const isNumber = typeof facts[argument] === 'number' && Number.isFinite(Number(current))
  return { ...facts, [argument]: isNumber ? Number(current) : current }
}
