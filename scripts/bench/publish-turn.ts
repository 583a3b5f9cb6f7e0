import { cpuMicrosAtRest } from './at-rest'
import type { BenchParts } from './bench-row'
import type { Sample } from './comparison'
import type { Publisher } from './contestant'
import { emptyQueue } from './empty-queue'
import { postWhile } from './http-load'
import { cpuMicrosOf, cpuPerMessage } from './process-facts'
import type { Running } from './start-contestant'

export interface PublishLoad {
  readonly body: () => string
  readonly connections: number
  readonly roundMs: number
}

/** Has a publisher work for so long, each connection with one request under way. */
export async function publishTurn(
  running: Running<Publisher>,
  { body, connections, roundMs }: PublishLoad,
  parts: BenchParts,
): Promise<Sample> {
  const { contestant, pid, name } = running
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  const goOn = () => performance.now() - startedAt < roundMs
  const answered = await postWhile({ url: contestant.url, body, connections, goOn })
  const perSecond = (answered / (performance.now() - startedAt)) * 1_000
  parts.say(`publish: ${name} ${Math.round(perSecond)} /s`)
  await emptyQueue(contestant, answered, parts)
  const cpuMicros = (await cpuMicrosAtRest(running)) - cpuBefore
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / answered }
}
