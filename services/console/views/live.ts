import type { MessagePage, MessageRow, WindowFacts } from './message-row'
import type { NumbersView } from './numbers'
import type { SystemView } from './system'

/** What is told at once, at most four times a second; what is missing has not changed, or is not due. */
export interface LiveFrame {
  /** Rows that are new or have changed, the newest change first. */
  readonly rows?: readonly MessageRow[]
  /** So many changes came before those of `rows` and are left out, since they were too many. */
  readonly skipped?: number
  /** Numbers of rows that do not match the filter, or no longer do. */
  readonly gone?: readonly number[]
  /** `anew`: whatever was told before is another console's, or too long ago; `rows` are the newest messages. */
  readonly begins?: 'anew'
  /** With `begins`: as in a {@link MessagePage}. */
  readonly next?: MessagePage['next']
  readonly window?: WindowFacts
  readonly system?: SystemView
  readonly numbers?: NumbersView
}
