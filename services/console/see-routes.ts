import { catalogue } from '../../shared/messages/catalogue'
import { typesIn } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { declaredWays } from '../../shared/messaging/open-broker-objects'
import { brokerOptions } from '../../shared/operations/broker-options'
import { producerSource } from '../../shared/operations/producer-source'
import { Routing } from '../../shared/routing/routing'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Surroundings } from '../../shared/runtime/run-service'
import type { ConsoleConfig } from './config'
import type { RoutesParts } from './http/routes-parts'
import { followRules } from './routes/followed-rules'

/** What it takes to say where messages go, by the rules that the services have; no broker is asked. */
export async function seeRoutes(
  lifecycle: Lifecycle,
  { config, logger }: Pick<Surroundings<ConsoleConfig>, 'config' | 'logger'>,
): Promise<RoutesParts> {
  const known = { catalogue: typesIn(catalogue, groups), groups }
  const now = Date.now
  return {
    rules: await followRules(lifecycle, { config, known, logger, now }),
    known,
    explained: { ways: declaredWays(brokerOptions(config, groups)), groups, routing: new Routing(groups), now },
    source: producerSource(config.NAMESPACE),
  }
}
