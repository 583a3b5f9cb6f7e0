import type { ContentKeeper } from '../journal/content-keeper'
import type { DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { AuditTrail, type AuditFacts, type TellAudit } from './audit-trail'
import { JournalMoves } from './journal-moves'
import type { Move, Moved } from './move-dead-letters'
import type { Selection } from './selection'

export interface AuditedMove {
  readonly deadLetters: DeadLetters
  readonly group: GroupTopology
  readonly namespace: string
  /** The share of messages whose steps are kept, from 0 to 1. */
  readonly journalShare: number
  /** Undefined where the journal keeps nothing of what messages carry. */
  readonly contents: ContentKeeper | undefined
  readonly action: Exclude<AuditFacts['action'], 'import' | 'export'>
  readonly selection: Selection
  /** Who does it. */
  readonly by: string
  /** In that person's words. */
  readonly why: string | undefined
  readonly audit: TellAudit
  /** The journal does not take what was done, and why. */
  readonly journalFailed: (why: string) => void
}

/** What a move has to call for the audit and the journal. */
export type ToldOfMove = Pick<Move, 'begin' | 'onLetter' | 'onMoved'>

/** Runs a move, tells the audit of its beginning and its end, and the journal of each letter. */
export async function auditedMove(parts: AuditedMove, run: (told: ToldOfMove) => Promise<Moved>): Promise<Moved> {
  const { deadLetters, group, namespace, journalShare, contents, action, selection, by, why, audit } = parts
  const broker = deadLetters.place
  const whom = { action, user: by, broker, namespace, selection, ...(why !== undefined && { why }) }
  const trail = new AuditTrail(whom, audit)
  const whose = { group: group.name, by, why, failed: parts.journalFailed }
  const journal = new JournalMoves({ deadLetters, journalShare, contents, ...whose })
  let begunAt = 0
  try {
    return await run({
      begin: (selected) => trail.begin(selected, group.name),
      // What comes of a replay may be in the journal before the broker's answer is here.
      onLetter: () => void (begunAt = Date.now()),
      onMoved: (moved, letter, done) => {
        trail.moved(moved)
        journal.moved(letter, done, begunAt)
      },
    })
  } finally {
    trail.end()
    await journal.close()
  }
}
