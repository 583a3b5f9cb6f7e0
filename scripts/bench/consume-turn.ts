import type { BenchParts } from './bench-row'
import type { Sample } from './comparison'
import type { Consumer, WorkQueue } from './contestant'
import { fills } from './fills'
import { cpuMicrosOf, cpuPerMessage } from './process-facts'
import type { Running } from './start-contestant'

const emptyWithinMs = 300_000

/** Fills a consumer's queues, each alike, and lets it empty them; held still meanwhile, it does all of it by itself. */
export async function consumeTurn(
  { contestant, pid, name }: Running<Consumer>,
  messages: number,
  { broker, say }: BenchParts,
  queues: readonly WorkQueue[] = [contestant],
): Promise<Sample> {
  const each = Math.round(messages / queues.length)
  process.kill(pid, 'SIGSTOP')
  try {
    for (const { queue } of queues) await broker.fill(queue, fills(contestant, each))
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  const signal = AbortSignal.timeout(emptyWithinMs)
  for (const { queue } of queues) await broker.untilEmpty(queue, signal)
  const cpuMicros = cpuMicrosOf(pid) - cpuBefore
  const handled = each * queues.length
  const perSecond = (handled / (performance.now() - startedAt)) * 1_000
  for (const { queue, deadLetters } of queues) {
    const dead = deadLetters === undefined ? 0 : await broker.waiting(deadLetters)
    if (dead > 0) throw new Error(`${name} parked ${dead} messages of ${queue}; they were to be handled`)
  }
  say(`consume: ${name} ${Math.round(perSecond)} /s`)
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / handled }
}
