import type { Limits } from '../../shared/messaging/transport'

const fewest = 16
const most = 64
const bytesHeld = 33_554_432

/**
 * The prefetch that keeps `concurrency` handlers busy: twice as many, within 16 and 64, though never more full-sized
 * bodies than 32 MiB hold (RabbitMQ has no prefetch by size).
 */
export function limitsFor(concurrency: number, bodyLimit: number): Limits {
  const wanted = Math.max(concurrency, Math.min(Math.max(2 * concurrency, fewest), most))
  const prefetch = Math.max(1, Math.min(wanted, Math.floor(bytesHeld / bodyLimit)))
  return { prefetch, concurrency: Math.min(concurrency, prefetch) }
}
