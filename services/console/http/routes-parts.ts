import type { ExplainParts } from '../../../shared/operations/explain-route'
import type { Known } from '../../../shared/routing/routes/rule-of'
import type { FollowedRules } from '../routes/followed-rules'

/** What it takes to say where messages go. */
export interface RoutesParts {
  readonly rules: FollowedRules
  readonly known: Known
  /** What decides about a message beside the rules of the routes file. */
  readonly explained: Omit<ExplainParts, 'routes'>
  /** The `source` of events that name none. */
  readonly source: string
}
