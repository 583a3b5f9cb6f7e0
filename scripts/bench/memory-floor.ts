import { residentBytesOf } from './process-facts'

const everyMs = 50

/**
 * The least resident memory that a process had while `work` was done. Between two collections of garbage it is higher
 * by whatever has not been collected yet, which says nothing about what is kept.
 */
export async function memoryFloor(pid: number, work: () => Promise<void>): Promise<number> {
  let least = Infinity
  const look = () => {
    least = Math.min(least, residentBytesOf(pid))
  }
  const timer = setInterval(look, everyMs)
  try {
    await work()
    look()
    return least
  } finally {
    clearInterval(timer)
  }
}
