import type { Link, OpenChannel } from './link'

const most = 6

/** Gives the channel of a lane: the same until a question has closed it, a new one then. */
export type Lane = () => Promise<OpenChannel>

/** Does something with each item. Rejects with the first failure, after every lane has ended. */
export type OverLanes = <T>(items: readonly T[], act: (lane: Lane, item: T) => Promise<void>) => Promise<void>

/**
 * Throw-away channels for many questions, side by side: a channel answers one question at a time, and with a distant
 * broker eighty of them in a row take long. All that is done within `work` shares them, since opening and closing one
 * takes as many round trips as two questions.
 */
export async function withLanes(link: Link, work: (overLanes: OverLanes) => Promise<void>): Promise<void> {
  const channels = new Map<number, OpenChannel>()
  const laneOf = (number: number) => async () => {
    const found = channels.get(number)
    if (found?.isClosed() === false) return found
    const opened = await link.openChannel()
    channels.set(number, opened)
    return opened
  }
  const lanes = Array.from({ length: most }, (_, number) => laneOf(number))
  try {
    await work((items, act) => shareOut(lanes, items, act))
  } finally {
    await Promise.all([...channels.values()].map((channel) => channel.close()))
  }
}

async function shareOut<T>(
  lanes: readonly Lane[],
  items: readonly T[],
  act: (lane: Lane, item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const run = async (lane: Lane) => {
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(lane, item)
    } catch (error) {
      left.length = 0
      throw error
    }
  }
  const ends = await Promise.allSettled(lanes.slice(0, items.length).map(run))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
