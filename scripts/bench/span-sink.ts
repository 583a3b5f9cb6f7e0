import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Say } from '../terminal/say'

/** What each span has once, in OTLP's JSON. */
const spanMark = '"startTimeUnixNano"'

/** Runs `work` beside a server that takes all spans by OTLP over HTTP and keeps none; says at the end how many came. */
export async function withSpanSink<T>(say: Say, work: (url: string) => Promise<T>): Promise<T> {
  let taken = 0
  const server = createServer((request, response) => {
    void spansIn(request).then((spans) => {
      taken += spans
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
    say(`${taken} spans were taken`)
  }
}

async function spansIn(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('latin1').split(spanMark).length - 1
}
