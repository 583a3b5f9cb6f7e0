import { userInfo } from 'node:os'

/** Who did what to which dead letters. */
export interface AuditFacts {
  readonly action: 'replay' | 'discard'
  readonly broker: string
  readonly namespace: string
  readonly group: string
  readonly selection: unknown
  /** In the words of whoever did it, where they gave any. */
  readonly why?: string
  readonly selected: number
  /** Those that the broker has been told of; a command that is killed leaves no line that says how many. */
  readonly moved: number
}

/** One line of JSON, of the shape that the services' logs have; without bodies and without secrets. */
export function auditLine(step: 'begin' | 'end', { action, ...facts }: AuditFacts): string {
  return JSON.stringify({
    level: 'info',
    time: new Date().toISOString(),
    msg: `audit: dead ${action}`,
    step,
    user: userName(),
    ...facts,
  })
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
