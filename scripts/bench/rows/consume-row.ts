import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { yardstick, type Consumer } from '../contestant'
import { consumers } from '../contestants'
import { fills } from '../fills'
import { cpuMicrosOf, cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'
import type { Running } from '../start-contestant'

// So few that filling a queue takes less than a heartbeat: the consumer is held still meanwhile.
const sizes = { quick: { rounds: 5, messages: 3_000 }, full: { rounds: 7, messages: 20_000 } }
const emptyWithinMs = 300_000

/** A full queue, from the first delivery until it is empty. */
export async function consumeRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, messages } = sizes[parts.size]
  const samples = await withAllRunning(await consumers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => turn(one, messages, parts)),
  )
  return {
    title: 'Process and ack',
    how: `${messages} messages waiting, prefetch 20, ${rounds} rounds in alternating order`,
    drawn: cpuPerMessage,
    against: 'the bare',
    results: compare(samples, yardstick),
  }
}

/** The consumer is stopped by signal while its queue is filled: what is measured is all its own doing. */
async function turn(
  { contestant, pid, name }: Running<Consumer>,
  messages: number,
  parts: BenchParts,
): Promise<Sample> {
  const { queue, deadLetters } = contestant
  const { broker } = parts
  process.kill(pid, 'SIGSTOP')
  try {
    await broker.fill(queue, fills(contestant, messages))
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  await broker.untilEmpty(queue, AbortSignal.timeout(emptyWithinMs))
  const cpuMicros = cpuMicrosOf(pid) - cpuBefore
  const perSecond = (messages / (performance.now() - startedAt)) * 1_000
  const dead = deadLetters === undefined ? 0 : await broker.waiting(deadLetters)
  if (dead > 0) throw new Error(`${name} parked ${dead} messages in ${deadLetters}; they were to be handled`)
  parts.say(`consume: ${name} ${Math.round(perSecond)} /s`)
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / messages }
}
