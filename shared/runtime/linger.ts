import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

const mostBytes = 16 * 1_048_576
const mostMs = 1_000

/**
 * For a request that is answered before all of it has come, and whose connection ends with the answer: reads on for a
 * while and drops what comes. Closed with bytes unread, the connection would be reset, and a caller who is still sending
 * would find that instead of the answer.
 */
export function lingerAfter(request: IncomingMessage): void {
  const { socket } = request
  // A request that was injected has none.
  if (!(socket instanceof Socket)) return
  let bytes = 0
  request.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > mostBytes) socket.destroy()
  })
  request.resume()
  // What Node calls when the answer is written.
  const close = socket.destroySoon.bind(socket)
  socket.destroySoon = () => {
    if (request.complete) return close()
    socket.end()
    request.once('end', close)
    const late = setTimeout(() => socket.destroy(), mostMs)
    socket.once('close', () => clearTimeout(late))
  }
}
