import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

// Below the ports that every system gives to outgoing connections: one of those may be taken by whoever connects
// anywhere, in the time until the port is listened on.
const range = { first: 15_000, count: 17_000 }
const mostTries = 1_000

/** So many different ports on 127.0.0.1 that nobody listens on at this moment, of 15000 to 31999. Rejects when there are too few. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = new Map<number, Server>()
  try {
    for (let tries = 0; servers.size < count; tries++) {
      if (tries === mostTries) throw new Error(`found no ${count} free ports on 127.0.0.1 in ${mostTries} tries`)
      const port = randomInt(range.first, range.first + range.count)
      const server = await listen(port).catch(() => undefined)
      if (server !== undefined) servers.set(port, server)
    }
    return [...servers.keys()]
  } finally {
    await Promise.all([...servers.values()].map(closed))
  }
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
