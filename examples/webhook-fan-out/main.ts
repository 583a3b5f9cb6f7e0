import { join } from 'node:path'
import type { Example } from '../example'
import type { Stage } from '../stage'
import { call, type Webhook } from './github'
import { groups } from './groups'
import { handlers } from './handlers'

const secret = 'keep-it-logically-awesome'
const webhooks: readonly Webhook[] = [
  { event: 'push', deliveryId: 'd-1', payload: { ref: 'refs/heads/main', after: '6dcb09b5' } },
  { event: 'push', deliveryId: 'd-2', payload: { ref: 'refs/heads/try-out', after: '7f3a1c2e' } },
  { event: 'release', deliveryId: 'd-3', payload: { action: 'published', release: { tag_name: 'v1.2.0' } } },
  { event: 'star', deliveryId: 'd-4', payload: { action: 'created' } },
]

export const webhookFanOut: Example = {
  name: 'webhook-fan-out',
  about: 'signed webhooks, and groups that take of them what their rules want',
  groups,
  handlers,
  tables: join(__dirname, 'tables'),
  show: async (stage) => {
    const { say, until, expect } = stage
    const settings = { WEBHOOK_SECRETS: `github:github:${secret}` }
    const [producer] = await Promise.all([stage.startProducer({ settings }), stage.startConsumer()])
    const url = `${producer.url}/webhooks/github`
    const [first] = webhooks as [Webhook]

    const forged = await call(url, { ...first, deliveryId: 'd-0' }, 'a-guess-of-the-secret')
    say(`${first.event} with a forged signature: ${forged.status}`)
    const ids: (string | undefined)[] = []
    for (const webhook of [first, ...webhooks]) {
      const { status, id } = await call(url, webhook, secret)
      say(`${webhook.event} ${webhook.deliveryId}: ${status}, message ${id}`)
      ids.push(id)
    }
    for (const [name, { length }] of Object.entries({ deploy: ['d-1'], announce: ['d-3'], audit: webhooks }))
      await until(`${name} has its webhooks`, async () => (await takenBy(stage, name)).length >= length)

    for (const { name } of groups) say(`${name}: ${(await takenBy(stage, name)).join(', ')}`)
    expect('what nobody signed is refused', { found: forged.status, wanted: 401 })
    expect('a webhook that comes again is the same message', { found: ids[1], wanted: ids[0] })
    expect('a push to main is deployed', { found: await takenBy(stage, 'deploy'), wanted: ['d-1'] })
    expect('a published release is announced', { found: await takenBy(stage, 'announce'), wanted: ['d-3'] })
    const all = webhooks.map(({ deliveryId }) => deliveryId)
    expect('each is written down once for the audit', { found: await takenBy(stage, 'audit'), wanted: all })
  },
}

async function takenBy({ rows }: Stage, group: string): Promise<readonly string[]> {
  const found = await rows('select delivery_id from reactions where by_group = $1 order by delivery_id', [group])
  return found.map((row) => String(row['delivery_id']))
}
