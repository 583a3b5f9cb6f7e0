import type { Link, OpenChannel } from './link'

const lanes = 6

/** Gives the channel of a lane: the same until a question has closed it, a new one then. */
export type Lane = () => Promise<OpenChannel>

/**
 * Does something with each item on a few throw-away channels side by side: a channel answers one question at a time,
 * and with a distant broker eighty of them in a row take long. Rejects with the first failure, after every lane has
 * ended.
 */
export async function overLanes<T>(
  link: Link,
  items: readonly T[],
  act: (lane: Lane, item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const run = async () => {
    let channel: OpenChannel | undefined
    const lane = async () => (channel = channel?.isClosed() === false ? channel : await link.openChannel())
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(lane, item)
    } catch (error) {
      left.length = 0
      throw error
    } finally {
      await channel?.close()
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, run))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
