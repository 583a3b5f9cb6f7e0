import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { reset } from '../../scripts/network/reset'

export interface CutProxy {
  readonly port: number
  /** Resets every connection, and each new one, until {@link heal}. */
  cut(): void
  heal(): void
  /** Resets the connection that sends this text, once, after the server has got it. */
  cutAfterSending(text: string): void
  close(): Promise<void>
}

/** A TCP path to a server that a test can break. */
export async function startCutProxy(target: { readonly host: string; readonly port: number }): Promise<CutProxy> {
  const sockets = new Set<Socket>()
  let path: 'open' | 'cut' = 'open'
  let trigger: string | undefined

  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    track(client)
    if (path === 'cut') return void reset(client)
    const upstream = connect(target)
    track(upstream)
    upstream.pipe(client)
    client.on('data', (chunk) => {
      if (trigger === undefined || !chunk.includes(trigger)) return void upstream.write(chunk)
      trigger = undefined
      reset(client)
      upstream.end(chunk)
    })
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const cut = () => {
    path = 'cut'
    for (const socket of sockets) reset(socket)
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    heal: () => (path = 'open'),
    cutAfterSending: (text) => (trigger = text),
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
