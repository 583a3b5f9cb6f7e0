/**
 * Calls back after so many milliseconds, once what had come by then has been read. A process that stood still sees that
 * a timer is due before it looks at its sockets (https://nodejs.org/learn/asynchronous-work/event-loop-timers-and-nexttick):
 * it would blame others for an answer that lies there unread. Answers with what cancels it, then too.
 */
export function afterReading(ms: number, callback: () => void): () => void {
  let reading: NodeJS.Immediate | undefined
  const timer = setTimeout(() => (reading = setImmediate(callback)), ms)
  return () => {
    clearTimeout(timer)
    clearImmediate(reading)
  }
}
