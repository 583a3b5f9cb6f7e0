/**
 * The bare server once more, with the message that Handoff sends: by a topic exchange, with the headers and properties
 * of a CloudEvent. What it takes longer than the yardstick is the price of the message at the broker, whoever sends it.
 */
import { connect } from 'amqplib'
import { serve } from './bare-server.mjs'
import { brokerUrl, queue, run } from './peer.mjs'

const exchange = 'bench.bare.commands'
const type = 'payment.capture'
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
let serial = 0

await run({ publish })

async function publish() {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange(exchange, 'topic')
  await channel.bindQueue(queue, exchange, type)
  await serve((body) => confirmed(channel, body))
}

function confirmed(channel, body) {
  return new Promise((resolve, reject) => {
    channel.publish(exchange, type, body, properties(), (error) => (error ? reject(error) : resolve()))
  })
}

function properties() {
  const id = `0197a3c4-5a6b-7000-8000-${String(++serial).padStart(12, '0')}`
  const headers = {
    cloudEvents_specversion: '1.0',
    cloudEvents_id: id,
    cloudEvents_source: '/handoff/producer',
    cloudEvents_type: type,
    cloudEvents_time: '2026-11-25T12:00:00.000Z',
    cloudEvents_traceparent: traceparent,
    traceparent,
  }
  return {
    persistent: true,
    mandatory: true,
    contentType: 'application/json',
    messageId: id,
    timestamp: 1_780_000_000,
    type,
    userId: 'guest',
    appId: 'handoff-producer',
    headers,
  }
}
