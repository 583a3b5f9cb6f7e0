import type { PublishOutcome, Transport } from '../messaging/transport'
import type { ContentKeeper } from './content-keeper'
import type { Journal } from './journal'

type Publishing = Pick<Transport, 'publish'>

const isSomewhere: ReadonlySet<PublishOutcome> = new Set(['confirmed', 'unknown', 'dropped'])

/**
 * Tells the journal what each message carried that was published, or that a rule dropped. Stands around whoever asks the
 * rules: what they add to a message is not its own.
 */
export function contentPublishing(
  publishing: Publishing,
  {
    journal,
    contents,
  }: { readonly journal: Pick<Journal, 'wants' | 'keep'>; readonly contents: ContentKeeper | undefined },
): Publishing {
  if (contents === undefined) return publishing
  return {
    publish: async (envelope, route, answerBy) => {
      const result = await publishing.publish(envelope, route, answerBy)
      if (isSomewhere.has(result.outcome) && journal.wants(envelope)) journal.keep(contents(envelope))
      return result
    },
  }
}
