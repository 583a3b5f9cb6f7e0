import { Agent } from 'node:http'
import { post } from './post'

export interface HttpLoad {
  readonly url: string
  readonly body: () => string
  /** Each has one request under way at any time. */
  readonly connections: number
  /** Whether to go on after so many requests. */
  readonly goOn: (sent: number) => boolean
}

/** Posts over kept connections; resolves with how many were answered 202. Rejects at the first other answer. */
export async function postWhile({ url, body, connections, goOn }: HttpLoad): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let sent = 0
  const sender = async () => {
    while (goOn(sent)) {
      sent++
      await post(url, body(), agent)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, sender))
    return sent
  } finally {
    agent.destroy()
  }
}
