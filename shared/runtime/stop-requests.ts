export interface StopRequests {
  /** Someone wants the service to stop; may be called more than once. */
  readonly stop: (reason: string) => void
  /** Someone does not want to wait for that any longer. */
  readonly force: (reason: string) => void
}

const sameSignalMs = 1_000

/**
 * Listens for SIGTERM, SIGINT and the end of the IPC channel to a parent. A terminal and a supervisor often both send
 * a signal for one Ctrl-C, so a second one within a second of the first is the first.
 */
export function listenForStop({ stop, force }: StopRequests): void {
  let firstAt: number | undefined
  const hear = (signal: string) => {
    const now = performance.now()
    firstAt ??= now
    if (now - firstAt <= sameSignalMs) stop(signal)
    else force(signal)
  }
  process.on('SIGTERM', hear)
  process.on('SIGINT', hear)
  process.on('disconnect', () => stop('the parent process is gone'))
}
