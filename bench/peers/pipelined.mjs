/** The yardstick of batches: amqplib alone, which publishes by itself with so many confirms awaited at any time. */
import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { destination } from './destination.mjs'
import { brokerUrl, port, run } from './peer.mjs'

/** As many as Handoff has under way for its batches. */
const awaited = 512

await run({ publish })

async function publish() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  const to = await destination()
  const server = createServer(async (request, response) => {
    const ms = Number(new URL(request.url, 'http://localhost').searchParams.get('ms'))
    response.end(JSON.stringify({ confirmed: await publishFor(ms, channel, to) }))
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

/** Resolves with how many were confirmed. */
function publishFor(ms, channel, { exchange, routingKey, properties }) {
  const endsAt = performance.now() + ms
  return new Promise((resolve, reject) => {
    let [sent, confirmed] = [0, 0]
    const settled = (error) => {
      if (error) return reject(error)
      confirmed++
      if (performance.now() < endsAt) send()
      else if (confirmed === sent) resolve(confirmed)
    }
    const send = () => {
      sent++
      const body = Buffer.from(JSON.stringify({ paymentId: randomUUID(), amountCents: 4200 }))
      channel.publish(exchange, routingKey, body, properties(), settled)
    }
    for (let at = 0; at < awaited; at++) send()
  })
}
