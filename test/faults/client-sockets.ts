import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { atEnd } from '../support/ends'

const channel = 'net.client.socket'

/** Sees each socket by which this process connects from now on, until the end of the test. */
export function seeSockets() {
  const seen: Socket[] = []
  const see = (message: unknown) => void seen.push((message as { readonly socket: Socket }).socket)
  subscribe(channel, see)
  atEnd(() => unsubscribe(channel, see))
  return {
    /** Those connected to this port now. */
    openTo: (port: number) => seen.filter((socket) => !socket.destroyed && socket.remotePort === port),
  }
}
