import type { FastifyInstance } from 'fastify'
import { exampleRoutes } from '../routes/example'
import { groupRulesView, routeRuleView } from '../routes/rules-view'
import type { FollowedRules } from '../routes/followed-rules'
import { serviceRules } from '../routes/service-rules'
import type { RoutesView } from '../views/routes'
import type { SystemView } from '../views/system'
import type { RoutesParts } from './routes-parts'
import { routesSchema } from './routes-schemas'

export interface ShowRoutesParts extends Pick<RoutesParts, 'known'> {
  readonly rules: FollowedRules
  readonly system: () => Pick<SystemView, 'services'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** `GET /routes`: the rules in effect, and whether all services go by them. */
export function addShowRoutes(app: FastifyInstance, { known, rules, system, now }: ShowRoutesParts): void {
  const groups = known.groups.map(groupRulesView)
  const example = exampleRoutes(known)
  app.get('/routes', { schema: routesSchema }, (): RoutesView => {
    const file = rules.view()
    const at = now()
    return {
      ...{ at, file, groups, example },
      rules: rules.current().rules.map(routeRuleView),
      services: system().services.map((service) => serviceRules(service, file, at - file.since)),
    }
  })
}
