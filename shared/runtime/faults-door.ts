import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bytesOf } from './body-bytes'
import { withDeadline } from './deadline'
import { foreignRequest } from './guard'
import type { Logger } from './logger'
import { ProblemError } from './problem-error'

/** Whoever means a fault names it here as well: a page of another site cannot send it without asking first. */
const faultHeader = 'handoff-fault'
const strikeWithinMs = 5_000

/** What a fault came to. */
export interface Struck {
  /** For a person: `2 connections were cut off`. */
  readonly detail: string
  /** Messages that were made for it. */
  readonly messages?: readonly { readonly id: string; readonly source: string }[]
  /** Done once the answer is on its way. */
  readonly after?: () => void
}

/** A fault that a service can do to itself. */
export interface FaultAct {
  /** Why it cannot be done now; undefined where it can. */
  readonly obstacle: () => string | undefined
  /** Rejects with a problem where it could not be done. */
  readonly strike: (asked: Readonly<Record<string, unknown>>) => Promise<Struck>
}

export type FaultActs = Readonly<Record<string, FaultAct>>

/**
 * `GET /faults`: what can be made to happen here. `POST /faults/KIND`: makes it happen. In no document, since no production
 * has it; whoever registers it has looked that this is none.
 */
export function addFaultsDoor(
  app: FastifyInstance,
  { acts, logger }: { readonly acts: FaultActs; readonly logger: Logger },
): void {
  const schema = { hide: true }
  app.get('/faults', { schema }, (request) => {
    refuseForeign(request)
    return { faults: Object.entries(acts).map(([kind, { obstacle }]) => ({ kind, obstacle: obstacle() })) }
  })
  app.post<{ Params: { kind: string } }>('/faults/:kind', { schema }, async (request, reply) => {
    refuseForeign(request)
    const { kind } = request.params
    const act = actNamed(kind, acts)
    refuseUnmeant(request, kind)
    const { after, ...struck } = await strike(kind, act, askedIn(request))
    logger.warn({ fault: kind, ...struck }, 'a fault was made to happen')
    if (after !== undefined) reply.raw.once('finish', after)
    return struck
  })
}

async function strike(kind: string, act: FaultAct, asked: Readonly<Record<string, unknown>>): Promise<Struck> {
  const obstacle = act.obstacle()
  if (obstacle !== undefined) throw new ProblemError('fault-unavailable', obstacle)
  return withDeadline(act.strike(asked), strikeWithinMs, kind).catch((error: Error) => {
    throw error instanceof ProblemError ? error : new ProblemError('fault-unavailable', error.message, { cause: error })
  })
}

/** What a proxy passes on comes from somewhere else, whatever address it comes from here. */
const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

function refuseForeign(request: FastifyRequest): void {
  const by = passedOn.find((name) => request.headers[name] !== undefined)
  if (by !== undefined)
    throw new ProblemError('cross-site', `the request was passed on by another server, as its header "${by}" says`)
  const problem = foreignRequest(request)
  if (problem !== undefined) throw problem
}

function refuseUnmeant({ headers }: FastifyRequest, kind: string): void {
  if (headers[faultHeader] !== kind)
    throw new ProblemError('fault-not-meant', `the header "Handoff-Fault: ${kind}" is missing or names another fault`)
}

function actNamed(kind: string, acts: FaultActs): FaultAct {
  const act = Object.hasOwn(acts, kind) ? acts[kind] : undefined
  if (act !== undefined) return act
  throw new ProblemError('not-found', `there is no fault "${kind}" here; there are ${Object.keys(acts).join(', ')}`)
}

function askedIn(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const bytes = bytesOf(request)
  if (bytes.length === 0) return {}
  try {
    const asked = JSON.parse(bytes.toString('utf8')) as unknown
    if (typeof asked === 'object' && asked !== null) return asked as Readonly<Record<string, unknown>>
  } catch {
    // Told below, as any other body that is no object.
  }
  throw new ProblemError('unreadable-body', 'the body is no JSON object')
}
