import type { Clock } from '../../../shared/runtime/clock'

/** Does a work that never rejects again and again, each so long after the one before ended. Answers with how to end it. */
export function every(ms: number, clock: Pick<Clock, 'after'>, work: () => Promise<void>): () => void {
  let stopped = false
  let cancel = () => {}
  const round = async () => {
    await work()
    if (!stopped) cancel = clock.after(ms, () => void round())
  }
  void round()
  return () => {
    stopped = true
    cancel()
  }
}
