import type { BenchParts } from './bench-row'
import type { Publisher } from './contestant'

/** Empties what a publisher has filled. Throws unless each `202` has a message in the queue to show for it. */
export async function emptyQueue({ name, queue }: Publisher, answered: number, { broker }: BenchParts): Promise<void> {
  const kept = await broker.purge(queue)
  if (kept !== answered)
    throw new Error(`${name} answered 202 to ${answered} requests, and ${kept} messages were in ${queue}`)
}
