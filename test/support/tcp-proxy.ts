import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { atEnd } from './ends'

/** Stands between a service and its broker or database, and does to the connections what networks do. */
export class TcpProxy {
  readonly port: number
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #refusing = false
  #swallowing = false

  private constructor(server: Server) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
  }

  static async start(targetHost: string, targetPort: number): Promise<TcpProxy> {
    let proxy: TcpProxy | undefined
    const server = createServer((socket) => proxy?.accepted(socket, connect(targetPort, targetHost)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    proxy = new TcpProxy(server)
    return proxy
  }

  /** Resets every connection. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy()
  }

  /** New connections are reset at once, until {@link accept}. */
  refuse(): void {
    this.#refusing = true
  }

  accept(): void {
    this.#refusing = false
  }

  /** Silence in both directions: what is sent is held back and nobody is told, as on a half-open path. */
  swallow(): void {
    this.#swallowing = true
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  resume(): void {
    this.#swallowing = false
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  private accepted(near: Socket, far: Socket): void {
    if (this.#refusing) {
      near.resetAndDestroy()
      far.destroy()
      return
    }
    const pair = [near, far] as const
    this.#pairs.add(pair)
    join(near, far)
    join(far, near)
    if (this.#swallowing) for (const socket of pair) socket.pause()
    near.on('close', () => this.#pairs.delete(pair))
  }
}

/** Starts a proxy that ends with the test. */
export async function startProxy({
  targetHost,
  targetPort,
}: {
  targetHost: string
  targetPort: number
}): Promise<TcpProxy> {
  const proxy = await TcpProxy.start(targetHost, targetPort)
  atEnd(() => proxy.close())
  return proxy
}

function join(from: Socket, to: Socket): void {
  from.setNoDelay(true)
  from.on('data', (bytes) => to.write(bytes))
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
}
