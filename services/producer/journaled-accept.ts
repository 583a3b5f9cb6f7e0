import type { Journal } from '../../shared/journal/journal'
import type { Accept } from './accept'
import { isAccepted } from './outcome'

/** Tells the journal of each message that was accepted, when it came in, and of what is stored. */
export function journaled(next: Accept, journal: Pick<Journal, 'note'>): Accept {
  return (posting) => {
    const { envelope } = posting
    const at = Date.now()
    return next(posting).then((result) => {
      if (result.outcome === 'stored') journal.note(envelope, { kind: 'stored' })
      if (isAccepted(result)) journal.note(envelope, { kind: 'accepted', at }, 'last')
      return result
    })
  }
}
