import type { Limits } from '../../shared/messaging/transport'

const fewest = 16
const most = 64
const perHandler = 8
const bytesHeld = 67_108_864
const mostInPartition = 32

/**
 * The prefetch that keeps `concurrency` handlers busy while others wait for their commit, which is the cheaper the more
 * of them share it: eight times as many, within 16 and 64, though never more full-sized bodies than 64 MiB hold
 * (RabbitMQ has no prefetch by size). All of it is in work at once, since a delivery that waits for its commit takes no
 * handler's place; with a concurrency of 1 it does, and so the work queue has one at a time. Each partition has 32, or as
 * many full-sized bodies as 64 MiB hold, whose handlers wait for their turn.
 */
export function limitsFor(concurrency: number, bodyLimit: number): Limits {
  const wanted = Math.max(concurrency, Math.min(Math.max(perHandler * concurrency, fewest), most))
  const mostBodies = Math.max(1, Math.floor(bytesHeld / bodyLimit))
  const prefetch = Math.min(wanted, mostBodies)
  const partitionPrefetch = Math.min(mostInPartition, mostBodies)
  return { prefetch, concurrency: concurrency === 1 ? 1 : prefetch, partitionPrefetch }
}
