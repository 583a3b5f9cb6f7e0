/** Sends every real GitHub webhook body through the running pair and checks in the store that each arrived once and whole. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from 'typebox'
import { readSettings } from '../shared/runtime/config'
import { settings, storeSettings } from '../shared/runtime/settings'
import { openStore } from '../shared/store/open-store'
import type { Store } from '../shared/store/store'
import { exitWith } from './terminal/exit-with'
import { compareWebhooks, type Comparison } from './webhooks/compare'
import { webhookExamples, type WebhookExample } from './webhooks/examples'
import { sendWebhooks } from './webhooks/send'

const patienceMs = 60_000

exitWith(async () => {
  const { STORE_URL, PRODUCER_PORT } = readSettings(
    Type.Object({ ...storeSettings, PRODUCER_PORT: settings.PRODUCER_PORT }),
    {
      environment: process.env,
      envFile: '.env',
    },
  )
  const url = process.argv[2] ?? `http://127.0.0.1:${PRODUCER_PORT}`
  const run = randomUUID().slice(0, 8)
  const examples = webhookExamples(run)
  console.log(`sending ${examples.length} GitHub webhooks to ${url}, run ${run}`)
  const startedAt = performance.now()
  const tries = await sendWebhooks(examples, { url, apiKey: process.env['API_KEY'], concurrency: 20, patienceMs })
  console.log(`accepted ${examples.length} in ${seconds(startedAt)} s with ${tries} requests`)
  const store = await openStore({ url: STORE_URL, migrations: [] })
  try {
    const comparison = await untilComplete(store, run, examples)
    return tell(comparison, examples.length, seconds(startedAt))
  } finally {
    await store.close()
  }
})

async function untilComplete(store: Store, run: string, examples: readonly WebhookExample[]): Promise<Comparison> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const comparison = await compareWebhooks(store, run, examples)
    if (comparison.missing.length === 0 || performance.now() > giveUpAt) return comparison
    await wait(200)
  }
}

function tell({ missing, repeated, changed }: Comparison, total: number, tookSeconds: string): number {
  const whole = total - missing.length - repeated.length - changed.length
  console.log(`processed exactly once with equal content: ${whole} of ${total} after ${tookSeconds} s`)
  for (const [what, ids] of Object.entries({ missing, repeated, changed }))
    if (ids.length > 0) console.log(`${what}: ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`)
  return whole === total ? 0 : 1
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(1)
}
