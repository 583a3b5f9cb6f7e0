import { join } from 'node:path'
import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { consumeTurn } from '../consume-turn'
import type { Consumer } from '../contestant'
import { growthRow } from '../growth'
import { consumerOf, namespaceOf, orders, queuesOf, webhooks, type Service } from '../handoff'
import { placeAt, placesFor, sqliteUrl, type Place } from '../places'
import { messageSizes, webhookBody } from '../sample-bodies'

const messages = { quick: 2_000, full: 20_000 }
/** So much waits at most, lest filling the queue take longer than a heartbeat. */
const mostBytes = { quick: 20_000_000, full: 200_000_000 }
const backlogs = { quick: [1_000, 10_000], full: [1_000, 10_000, 100_000] }
const concurrencies = [1, 10, 50]
const groupCounts = [1, 4, 16]

/** One consumer, and how much it is given. */
interface Point {
  readonly name: string
  readonly consumer: Consumer
  readonly messages: number
  /** Its groups, where it has several. */
  readonly groups?: readonly string[]
}

/** What a larger message costs the consumer. */
export async function consumeBySizeRow(parts: BenchParts): Promise<BenchRow> {
  const count = messages[parts.size]
  const points = await pointsOf(parts, messageSizes, ({ name, bytes }, place) => ({
    name,
    consumer: consumer(place, parts, { name, line: webhooks, body: (serial) => webhookBody(serial, bytes) }),
    messages: Math.min(count, Math.floor(mostBytes[parts.size] / bytes)),
  }))
  return consumeGrowth({ title: 'Consume: message size', how: 'by the size of the body', points }, parts)
}

/** What more handlers at once bring. */
export async function consumeByConcurrencyRow(parts: BenchParts): Promise<BenchRow> {
  const points = await pointsOf(parts, concurrencies, (count, place) => {
    const env = { CONCURRENCY: String(count) }
    const own = { name: String(count), line: orders, env }
    return { name: own.name, consumer: consumer(place, parts, own), messages: messages[parts.size] }
  })
  return consumeGrowth({ title: 'Consume: concurrency', how: 'by CONCURRENCY', points }, parts)
}

/** What more groups cost, when they share the same number of messages. */
export async function consumeByGroupsRow(parts: BenchParts): Promise<BenchRow> {
  const points = await pointsOf(parts, groupCounts, (count, place) => groupsPoint(count, place, parts))
  const how = 'by the number of groups that share the messages'
  return consumeGrowth({ title: 'Consume: groups', how, points }, parts)
}

function groupsPoint(count: number, place: Place, parts: BenchParts): Point {
  const name = String(count)
  const groups = Array.from({ length: count }, (_, at) => `ledger-${at + 1}`)
  const one = consumer(place, parts, { name, line: orders })
  // Settings know the sample domain's groups alone; without the choice it runs all that it has.
  const { CONSUMER_GROUPS: _chosen, ...env } = one.env
  const child = join(place.root, 'scripts', 'bench', 'consumer-with-groups-child.ts')
  const args = ['-r', 'ts-node/register/transpile-only', child, name]
  return { name, consumer: { ...one, env, args }, messages: messages[parts.size], groups }
}

/** Whether a message costs more when many wait. */
export async function consumeByBacklogRow(parts: BenchParts): Promise<BenchRow> {
  const [place] = await placesFor(1, parts)
  if (place === undefined) throw new Error('there is no port')
  const one = consumer(place, parts, { name: 'backlog', line: orders })
  const points = backlogs[parts.size].map((count) => ({ name: `${count} waiting`, consumer: one, messages: count }))
  return consumeGrowth({ title: 'Consume: backlog', how: 'by how many messages wait', points }, parts)
}

async function pointsOf<T>(
  parts: BenchParts,
  steps: readonly T[],
  point: (step: T, place: Place) => Point,
): Promise<readonly Point[]> {
  const places = await placesFor(steps.length, parts)
  return steps.map((step, at) => point(step, placeAt(places, at)))
}

// Each has a namespace and a store of its own, since all stay from the first round to the last.
function consumer(place: Place, parts: BenchParts, own: Pick<Service, 'name' | 'line' | 'body' | 'env'>): Consumer {
  const id = `growth-${place.port}`
  return consumerOf(place, { ...own, namespace: namespaceOf(id), storeUrl: sqliteUrl(parts, id) })
}

interface ConsumeCurve {
  readonly title: string
  readonly how: string
  readonly points: readonly Point[]
}

async function consumeGrowth({ title, how, points }: ConsumeCurve, parts: BenchParts): Promise<BenchRow> {
  const consumers = [...new Set(points.map((point) => point.consumer))]
  return withAllRunning(consumers, (all) =>
    growthRow({ title, how: `Handoff's consumer, SQLite, ${how}`, points }, parts, (point) => {
      const running = all.find(({ contestant }) => contestant === point.consumer)
      if (running === undefined) throw new Error(`${point.name} does not run`)
      return consumeTurn({ ...running, name: point.name }, point.messages, parts, queuesAt(point))
    }),
  )
}

function queuesAt({ consumer, groups }: Point) {
  const namespace = consumer.env['NAMESPACE'] ?? ''
  return groups?.map((group) => queuesOf(namespace, { group })) ?? [consumer]
}
