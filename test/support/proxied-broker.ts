import type { TcpProxy } from '../../scripts/network/tcp-proxy'
import { startProxy } from './tcp-proxy'

/** A path to a broker that can be broken, and the broker's URL by that path. */
export interface ProxiedBroker {
  readonly proxy: TcpProxy
  readonly url: string
}

/** Closed at the end of the test or file. */
export async function proxiedBroker(brokerUrl: string): Promise<ProxiedBroker> {
  const url = new URL(brokerUrl)
  const proxy = await startProxy({ targetHost: url.hostname, targetPort: Number(url.port) })
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  return { proxy, url: url.href }
}
