import { OperationError } from '../shared/operations/operation-error'
import { listenForStop } from '../shared/runtime/stop-requests'

/** See {@link Surroundings}: Ctrl-C, SIGTERM, the end of the terminal, or that of `npx handoff` above us. */
export function interruption(): AbortSignal {
  const stop = new AbortController()
  const interrupt = () => stop.abort(new OperationError('interrupted; every dead letter is where it was'))
  // A terminal's Ctrl-C comes twice, since `npx handoff` passes it on: once more within a second is the same one.
  listenForStop({ stop: interrupt, force: () => process.exit(1) })
  process.on('SIGHUP', interrupt)
  // Listening for its end would hold ours.
  process.channel?.unref()
  return stop.signal
}
