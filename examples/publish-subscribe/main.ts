import { join } from 'node:path'
import type { Example } from '../example'
import type { Stage } from '../stage'
import { groups, groupsAtFirst } from './groups'
import { handlers } from './handlers'
import { articlePublished } from './messages'

const early = ['science/on-queues', 'sports/the-relay', 'science/on-acks', 'sports/the-baton']
const late = ['science/on-order', 'sports/the-finish']

export const publishSubscribe: Example = {
  name: 'publish-subscribe',
  about: 'one event, several groups: one with a rule, one that fails, one added later',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { say, until, expect } = stage
    const before = await stage.startConsumer({ groups: groupsAtFirst })
    await publish(stage, early, groupsAtFirst)
    await until('the search has all', async () => (await seenBy(stage, 'search')).length === early.length)
    await before.stop()

    say('the group "archive" is added, and the service started again')
    await stage.startConsumer({ groups })
    await publish(stage, late, groups)
    const all = [...early, ...late]
    await until('preview has given up all', async () => (await stage.deadLetters('preview')).length === all.length)
    const science = all.filter((article) => article.startsWith('science/'))
    for (const [name, { length }] of Object.entries({ search: all, newsletter: science, archive: late }))
      await until(`${name} has its articles`, async () => (await seenBy(stage, name)).length >= length)

    for (const { name } of groups) say(`${name}: ${(await seenBy(stage, name)).join(', ') || 'nothing'}`)
    expect('a group has every event once', { found: await seenBy(stage, 'search'), wanted: all.sort() })
    expect('a rule lets through what it is for', { found: await seenBy(stage, 'newsletter'), wanted: science.sort() })
    expect('a new group has what comes after it', { found: await seenBy(stage, 'archive'), wanted: late.sort() })
    const parked = (await stage.deadLetters('preview')).map(({ reason }) => reason)
    expect('what one group cannot handle is parked for it alone', { found: parked, wanted: all.map(() => 'failed') })
    for (const name of ['search', 'newsletter', 'archive'])
      expect(`nothing is parked for ${name}`, { found: await stage.deadLetters(name), wanted: [] })
  },
}

async function publish(stage: Stage, articles: readonly string[], groups: Example['groups']): Promise<void> {
  const producer = await stage.openProducer({ groups })
  for (const slug of articles)
    await producer.emit(articlePublished, { slug, section: slug.split('/')[0] ?? '', words: 900 })
  await producer.close()
  stage.say(`published ${articles.join(', ')}`)
}

async function seenBy({ rows }: Stage, group: string): Promise<readonly string[]> {
  const found = await rows('select slug from articles_seen where by_group = $1 order by slug', [group])
  return found.map(({ slug }) => String(slug))
}
