import { Type } from 'typebox'
import { readFile } from 'node:fs/promises'
import { limitsFor } from '../../../services/consumer/limits'
import { catalogue } from '../../../shared/messages/catalogue'
import { event } from '../../../shared/messages/message'

test.each([
  [10, 1_048_576, { prefetch: 64, concurrency: 64, lanePrefetch: { urgent: 32, low: 20 }, partitionPrefetch: 32 }],
  [4, 1_048_576, { prefetch: 32, concurrency: 32, lanePrefetch: { urgent: 32, low: 8 }, partitionPrefetch: 32 }],
  [1, 1_048_576, { prefetch: 16, concurrency: 1, lanePrefetch: { urgent: 16, low: 2 }, partitionPrefetch: 32 }],
  [100, 1_024, { prefetch: 100, concurrency: 100, lanePrefetch: { urgent: 100, low: 100 }, partitionPrefetch: 32 }],
  [40, 1_024, { prefetch: 64, concurrency: 64, lanePrefetch: { urgent: 64, low: 64 }, partitionPrefetch: 32 }],
  [10, 16_777_216, { prefetch: 4, concurrency: 4, lanePrefetch: { urgent: 2, low: 2 }, partitionPrefetch: 4 }],
  [10, 67_108_864, { prefetch: 1, concurrency: 1, lanePrefetch: { urgent: 1, low: 1 }, partitionPrefetch: 1 }],
])('concurrency %i and bodies of %i bytes', (concurrency, bodyLimit, expected) => {
  expect(limitsFor(concurrency, bodyLimit)).toEqual(expected)
})

test('with the settings for RabbitMQ, the last of a window of one key is not taken back while each before it takes all of its time', async () => {
  const settings = await readFile('deploy/rabbitmq/rabbitmq.conf', 'utf8')
  const takenBackAfterMs = Number(/^consumer_timeout = (\d+)$/m.exec(settings)?.[1])
  const { partitionPrefetch = Infinity } = limitsFor(10, 1_048_576)
  const usual = event('usual', Type.String(), { description: 'As by default.', examples: [], partitions: 1 })
  const inOrder = [usual, ...catalogue.filter(({ partitions }) => partitions > 0)]
  for (const { delivery } of inOrder) expect(partitionPrefetch * delivery.timeLimitMs).toBeLessThan(takenBackAfterMs)
})
