import { Agent, request } from 'node:http'

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

function post(url: string, body: string, agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.once('error', reject)
      answer.once('end', () =>
        answer.statusCode === 202 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
      )
    })
    asking.once('error', reject)
    asking.end(body)
  })
}
