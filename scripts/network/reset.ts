import type { Socket } from 'node:net'

/**
 * Ends a connection with a reset. One that was told to end is closed as it is: libuv resets none that is being shut down
 * (`uv_tcp_close_reset` answers EINVAL), Node then forgets the handle without closing it, and the process never ends.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
