import type { FastifyRequest } from 'fastify'
import type { ContentKeeper } from '../../../shared/journal/content-keeper'
import type { Group } from '../../../shared/messages/group'
import type { MessageType } from '../../../shared/messages/message'
import type { GroupTopology } from '../../../shared/messaging/transport'
import type { TellAudit } from '../../../shared/operations/audit-trail'
import { findGroup } from '../../../shared/operations/find-group'
import { OperationError } from '../../../shared/operations/operation-error'
import type { Logger } from '../../../shared/runtime/logger'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Desk } from '../desk'
import type { ConsoleMetrics } from '../metrics'
import type { RequestEnds } from './request-ends'

/** What the routes of dead letters work with. */
export interface LetterRoutes {
  readonly desk: Desk
  readonly ends: RequestEnds
  readonly groups: readonly Group[]
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
  /** The share of messages whose steps are kept, from 0 to 1. */
  readonly journalShare: number
  /** Undefined where the journal keeps nothing of what messages carry. */
  readonly contents: ContentKeeper | undefined
  readonly logger: Logger
  readonly audit: Logger
  readonly own: ConsoleMetrics
}

/** The group of that name; throws a problem that names those there are. */
export function groupNamed(name: string, { groups }: Pick<LetterRoutes, 'groups'>): GroupTopology {
  try {
    return findGroup(name, groups)
  } catch (error) {
    throw error instanceof OperationError ? new ProblemError('unknown-group', error.message) : error
  }
}

/** Who does it, for audit and journal. */
export function whoAsks({ caller }: FastifyRequest): string {
  return caller ?? 'anonymous'
}

export function auditOf({ audit }: LetterRoutes, { id: requestId }: FastifyRequest): TellAudit {
  return (step, { action, ...facts }) => audit.info({ step, ...facts, requestId }, `audit: dead ${action}`)
}
