import type { Link, OpenChannel } from './link'

const lanes = 6

/**
 * Does something with each item on a few throw-away channels side by side: a channel answers one question at a time,
 * and with a distant broker eighty of them in a row take long. A channel that a question closes is replaced. Rejects
 * with the first failure, after every lane has ended.
 */
export async function overLanes<T>(
  link: Link,
  items: readonly T[],
  act: (channel: OpenChannel, item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const lane = async () => {
    let channel: OpenChannel | undefined
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        if (channel === undefined || channel.isClosed()) channel = await link.openChannel()
        await act(channel, item)
      }
    } catch (error) {
      left.length = 0
      throw error
    } finally {
      await channel?.close()
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
