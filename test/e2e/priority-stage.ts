import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService, type StartOptions } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { sendStream } from './batch'
import { handoff } from './handoff'
import { post } from './pair'

const child = join(__dirname, 'priority-child.ts')

const concurrency = 4
/** What a consumer with so many handlers holds of each of its queues, but for the low ones. */
export const prefetch = 32
export const lowPrefetch = 2 * concurrency

/** A producer, a store, and a consumer of greetings that has as many of them done as it is told. */
export async function priorityStage(brokerUrl: string, namespace: string) {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-priority-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const [allowance, mended] = [join(folder, 'allowance'), join(folder, 'mended')]
  const settings = { BROKER_URL: brokerUrl, NAMESPACE: namespace, STORE_URL: await temporaryStoreUrl() }
  const producer = await startService('producer', settings)
  const store = await openStore({ url: settings.STORE_URL, migrations: [] })
  atEnd(() => store.close())
  let passed = 0
  const pass = async (count: number) => {
    passed += count
    await writeFile(`${allowance}.next`, String(passed))
    await rename(`${allowance}.next`, allowance)
  }
  await pass(0)
  const start = (own: Record<string, string>, options?: StartOptions) =>
    startService('consumer', { ...settings, CONSUMER_GROUPS: 'greetings', ...own }, options)
  return {
    startConsumer: async () => {
      // The floor keeps their number as it is, however long they wait for their turn to pass.
      const handlers = { CONCURRENCY: `${concurrency}`, CONCURRENCY_FLOOR: `${concurrency}` }
      const consumer = await start(handlers, { instead: [child, allowance, mended] })
      return { logs: consumer.logs, holds: (count: number) => holding(consumer.url, count) }
    },
    /** One that heeds nobody. */
    startUsualConsumer: () => start({}),
    /** Lets so many runs more come to their end, those that wait first. */
    pass,
    mend: () => writeFile(mended, ''),
    /** In one request; confirmed when it resolves. */
    sendMany: (greetings: readonly string[], priority?: number) => sendMany(producer.url, greetings, priority),
    /** Accepted when it resolves; handled, where `prefer` says that it is waited for. */
    send: (greeting: string, headers: Record<string, string>) => sendOne(producer.url, greeting, headers),
    dead: (...args: string[]) => handoff(['dead', ...args], { env: settings }),
    /** In the order in which they were committed. */
    greeted: async () =>
      (await store.query('select greeting from greetings order by rowid')).map(({ greeting }) => String(greeting)),
  }
}

/** Waits until the consumer has so many in hand, in work or waiting for their turn. */
async function holding(url: string, count: number): Promise<void> {
  await eventually(`${count} are in hand`, async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return metrics.includes(`handoff_in_flight ${count}\n`)
  })
}

async function sendOne(url: string, greeting: string, headers: Record<string, string>): Promise<void> {
  const { status } = await post(`${url}/messages/hello`, greeting, { 'content-type': 'text/plain', ...headers })
  expect(status).toBe('prefer' in headers ? 200 : 202)
}

async function sendMany(url: string, greetings: readonly string[], priority?: number): Promise<void> {
  const stream = sendStream(url, 'application/x-ndjson')
  const reading = stream.read()
  const common = { specversion: '1.0', source: '/crowd', type: 'hello', ...(priority !== undefined && { priority }) }
  for (const greeting of greetings)
    await stream.write(`${JSON.stringify({ ...common, id: greeting, data: greeting })}\n`)
  stream.end()
  await reading
  expect(await stream.ended).toBe('whole')
  expect(stream.outcomes.filter(({ outcome }) => outcome === 'confirmed')).toHaveLength(greetings.length)
}
