import { listenForStop } from '../../shared/runtime/stop-requests'

export interface StopSignals {
  /** Aborts at the first request to stop; its reason says which. */
  readonly asked: AbortSignal
  /** Aborts at a later one. */
  readonly forced: AbortSignal
}

/** Listens for requests to stop everything; one of them is that nobody reads our output any longer. */
export function stopSignals(): StopSignals {
  const asked = new AbortController()
  const forced = new AbortController()
  listenForStop({ stop: (reason) => asked.abort(reason), force: (reason) => forced.abort(reason) })
  // Listening for the end of the process above holds ours: nobody would leave when all is done.
  process.channel?.unref()
  process.on('SIGHUP', () => asked.abort('the terminal is gone'))
  // As in `npm start | head`: without a listener the lost reader would end us with everything left running.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => asked.abort('nobody reads the output any longer'))
  return { asked: asked.signal, forced: forced.signal }
}
