/**
 * Listens for SIGHUP, by which a service is asked to read its files again; what is returned ends that. Not at a terminal,
 * where the signal says that the terminal is gone, and nobody would be left to end the service.
 */
export function listenForReload(reload: () => void): () => void {
  if (process.stdout.isTTY) return () => {}
  process.on('SIGHUP', reload)
  return () => void process.off('SIGHUP', reload)
}
