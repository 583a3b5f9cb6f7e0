import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from '../../../shared/runtime/logger'
import type { MessageType } from '../../../shared/messages/message'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { lookAtFaults } from '../faults/look-at-faults'
import type { FaultDoors } from '../faults/strike'
import { planOf, trialBody, type TrialAsked } from '../faults/trial-plan'
import type { TrialPlan } from '../faults/trial-record'
import type { Trials } from '../faults/trials'
import type { FaultsView } from '../views/faults'
import { bodyReader } from './checked'
import { cancelTrialSchema, faultsSchema, showTrialSchema, startTrialSchema } from './fault-schemas'
import { whoAsks } from './letter-routes'

const read = bodyReader(trialBody)

export interface FaultRoutes {
  readonly trials: Pick<Trials, 'start' | 'list' | 'show' | 'cancel'>
  readonly doors: FaultDoors
  /** Those that somebody takes, of which there is at least one. */
  readonly types: readonly MessageType[]
  readonly usualType: string
  /** Why no trial can be judged; undefined where one can. */
  readonly unjudged: () => string | undefined
}

/** `GET /faults` and `/faults/trials`, for development alone. */
export function addFaults(app: FastifyInstance, routes: FaultRoutes & { readonly audit: Logger }): void {
  const { trials, usualType: type, unjudged } = routes
  app.get('/faults', { schema: faultsSchema }, async (): Promise<FaultsView> => {
    const why = unjudged()
    const faults = await lookAtFaults(routes.doors)
    return { faults, type, ...(why !== undefined && { unjudged: why }), trials: trials.list() }
  })
  app.post('/faults/trials', { schema: startTrialSchema(trialBody) }, async (request, reply) => {
    const started = await start(request, read(request), routes)
    return reply.code(202).send(started)
  })
  app.get<{ Params: { id: string } }>('/faults/trials/:id', { schema: showTrialSchema }, ({ params }) =>
    trials.show(params.id),
  )
  app.delete<{ Params: { id: string } }>('/faults/trials/:id', { schema: cancelTrialSchema }, ({ params }) =>
    trials.cancel(params.id),
  )
}

async function start(
  request: FastifyRequest,
  asked: TrialAsked,
  { trials, doors, types, usualType, unjudged, audit }: FaultRoutes & { readonly audit: Logger },
) {
  const plan = planOf(asked, usualType)
  const type = types.find(({ name }) => name === plan.type)
  if (type === undefined)
    throw new ProblemError('unknown-type', `there is no message type "${plan.type}" that a group takes`)
  refuse(unjudged())
  refuse(await obstacleOf(plan, doors))
  const trial = trials.start(plan, type)
  audit.info({ by: whoAsks(request), trial: trial.id, plan, requestId: request.id }, 'audit: fault')
  return trial
}

function refuse(obstacle: string | undefined): void {
  if (obstacle !== undefined) throw new ProblemError('fault-unavailable', obstacle)
}

async function obstacleOf({ fault, target }: TrialPlan, doors: FaultDoors): Promise<string | undefined> {
  const faults = await lookAtFaults(doors)
  const places = faults.find(({ name }) => name === fault)?.targets ?? []
  const place = places.find(({ name }) => name === target)
  if (place !== undefined) return place.obstacle
  const able = places.map(({ name }) => name).join(' and ')
  throw new ProblemError('refused-operation', `${fault} can befall the ${able}, not the ${target}`)
}
