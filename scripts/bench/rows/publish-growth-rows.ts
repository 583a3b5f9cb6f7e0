import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { growthRoundMs, growthRow } from '../growth'
import { namespaceOf, producerOf, webhooks } from '../handoff'
import { placeAt, placesFor, sqliteUrl } from '../places'
import { publishTurn } from '../publish-turn'
import { messageSizes, webhookBody } from '../sample-bodies'

const usualConnections = 50
const connectionCounts = [1, 10, 50, 200]

/** What a larger message costs the producer. */
export function publishBySizeRow(parts: BenchParts): Promise<BenchRow> {
  const how = `Handoff's producer, ${usualConnections} connections, by the size of the body`
  const loads = messageSizes.map(({ name, bytes }) => ({ name, bytes, connections: usualConnections }))
  return publishGrowth({ title: 'Publish: message size', how, points: loads }, parts)
}

/** What more callers at once cost the producer. */
export function publishByConnectionsRow(parts: BenchParts): Promise<BenchRow> {
  const points = connectionCounts.map((connections) => ({ name: String(connections), bytes: 0, connections }))
  const how = `Handoff's producer, by the number of connections`
  return publishGrowth({ title: 'Publish: connections', how, points }, parts)
}

interface Point {
  readonly name: string
  readonly bytes: number
  readonly connections: number
}

interface PublishCurve {
  readonly title: string
  readonly how: string
  readonly points: readonly Point[]
}

async function publishGrowth(curve: PublishCurve, parts: BenchParts): Promise<BenchRow> {
  const place = placeAt(await placesFor(1, parts), 0)
  const storeUrl = sqliteUrl(parts, 'growth-producer')
  const producer = producerOf(place, { name: 'Handoff', namespace: namespaceOf('growth'), storeUrl, line: webhooks })
  return withAllRunning([producer], ([running]) =>
    growthRow(curve, parts, ({ name, bytes, connections }) => {
      if (running === undefined) throw new Error('the producer does not run')
      const body = () => webhookBody(0, bytes)
      return publishTurn({ ...running, name }, { body, connections, roundMs: growthRoundMs[parts.size] }, parts)
    }),
  )
}
