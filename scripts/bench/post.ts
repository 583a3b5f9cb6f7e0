import { request, type Agent } from 'node:http'

/** Posts JSON; resolves once 202 has been answered, and rejects at any other answer. */
export function post(url: string, body: string, agent: Agent): Promise<void> {
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
