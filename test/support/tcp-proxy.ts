import { startProxy as start, type ProxyTarget, type TcpProxy } from '../../scripts/network/tcp-proxy'
import { atEnd } from './ends'

/** Listens on a free port of 127.0.0.1; closed at the end of the test or file. */
export async function startProxy(proxied: ProxyTarget): Promise<TcpProxy> {
  const proxy = await start(proxied)
  atEnd(() => proxy.close())
  return proxy
}
