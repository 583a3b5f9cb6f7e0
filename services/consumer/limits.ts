import type { Limits } from '../../shared/messaging/transport'

const fewest = 16
const most = 64
const perHandler = 8
const bytesHeld = 67_108_864
const mostInPartition = 32
const lowPerHandler = 2

/**
 * The prefetch that keeps `concurrency` handlers busy while others wait for their commit, which is the cheaper the more
 * of them share it: eight times as many, within 16 and 64, though never more full-sized bodies than 64 MiB hold
 * (RabbitMQ has no prefetch by size). All of it is in work at once, since a delivery that waits for its commit takes no
 * handler's place; with a concurrency of 1 it does, and so the work queue has one at a time. Each partition has 32, or as
 * many full-sized bodies as 64 MiB hold, whose handlers wait for their turn. Each lane, for urgent and for low messages, has
 * as many as the work queue, though never more than half of the bytes hold, so that the two together hold no more than it.
 * Low ones, which have every twentieth turn alone where there is always something more urgent, have twice as many as there
 * are handlers: what is held and does not get its turn for minutes goes to the end of its queue again.
 */
export function limitsFor(concurrency: number, bodyLimit: number): Limits {
  const wanted = Math.max(concurrency, Math.min(Math.max(perHandler * concurrency, fewest), most))
  const mostBodies = bodiesIn(bytesHeld, bodyLimit)
  const prefetch = Math.min(wanted, mostBodies)
  const urgent = Math.min(prefetch, bodiesIn(bytesHeld / 2, bodyLimit))
  const lanePrefetch = { urgent, low: Math.min(urgent, lowPerHandler * concurrency) }
  const partitionPrefetch = Math.min(mostInPartition, mostBodies)
  return { prefetch, concurrency: concurrency === 1 ? 1 : prefetch, lanePrefetch, partitionPrefetch }
}

function bodiesIn(bytes: number, bodyLimit: number): number {
  return Math.max(1, Math.floor(bytes / bodyLimit))
}
