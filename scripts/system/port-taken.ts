import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Service } from './service'

/** A sentence when another program listens where the service wants to, else undefined. */
export async function portTaken(
  service: Pick<Service, 'name' | 'portSetting' | 'port' | 'host'>,
): Promise<string | undefined> {
  const { name, portSetting, port, host } = service
  const server = createServer()
  try {
    server.listen({ port, host })
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return undefined
  } catch (error) {
    // An address that is not ours or a port that is not allowed is told better by the service itself.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return undefined
    const way = `end that one or choose another port, such as ${portSetting}=${port + 10} npm start`
    return `port ${port} on ${host}, where the ${name} wants to listen, is taken by another program; ${way}`
  }
}
