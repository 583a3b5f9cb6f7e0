import { handler, type Handler } from '../../services/consumer/handler'
import { articlePublished } from './messages'

const insertCopy = 'insert into articles_seen (by_group, slug) values ($1, $2)'

const seenBy = (group: string) =>
  handler(articlePublished, { group }, async ({ slug }, { db }) => {
    await db.run(insertCopy, [group, slug])
  })

/** What it needs is away: none of its attempts succeeds. */
const preview = handler(articlePublished, { group: 'preview' }, ({ slug }) => {
  throw new Error(`no picture can be drawn for ${slug}: the renderer does not answer`)
})

export const handlers: readonly Handler[] = [seenBy('search'), seenBy('newsletter'), preview, seenBy('archive')]
