import { spawn } from 'node:child_process'

/** Waits for the end of its standard input, which no way of dying can keep from coming. */
const watchman = 'read -r _; kill -9 "$1" 2>/dev/null'

/**
 * Has a process killed when ours ends, also by SIGKILL and also when it is held still, in which state it would hear of
 * nothing else. Call what is returned once it has ended: its id may be given to another process then.
 */
export function dieWithUs(pid: number): () => void {
  // In a group of its own: Ctrl-C would otherwise end the watchman before it is needed.
  const watching = spawn('sh', ['-c', watchman, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watching.unref()
  return () => watching.kill('SIGKILL')
}
