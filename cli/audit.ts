import { userInfo } from 'node:os'
import type { AuditFacts } from '../shared/operations/audit-trail'

/** One line of JSON, of the shape that the services' logs have; without bodies and without secrets. */
export function auditLine(step: 'begin' | 'end', { action, ...facts }: AuditFacts): string {
  return JSON.stringify({
    level: 'info',
    time: new Date().toISOString(),
    msg: `audit: dead ${action}`,
    step,
    ...facts,
  })
}

/** A container may run under a number that has no name. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
