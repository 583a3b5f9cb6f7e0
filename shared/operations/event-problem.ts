import { ProblemError } from '../runtime/problem-error'
import type { EventInQuestion } from './event-in-question'

/** Why there is nothing to ask, as an answer. */
export function eventProblem(asked: Exclude<EventInQuestion, { readonly kind: 'event' }>): ProblemError {
  switch (asked.kind) {
    case 'unreadable':
      return new ProblemError('unreadable-body', asked.detail)
    case 'malformed':
      return new ProblemError('invalid-event', asked.detail)
    case 'unknown type':
      return new ProblemError('unknown-type', asked.detail)
    case 'invalid data':
      return new ProblemError('invalid-data', asked.detail, { members: { errors: asked.errors } })
  }
}
