import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'

/** So many different ports on 127.0.0.1 that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(closed))
  return ports
}

/** Whether a port on 127.0.0.1 could be listened on at this moment. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await closed(await listen(port))
    return true
  } catch {
    return false
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
