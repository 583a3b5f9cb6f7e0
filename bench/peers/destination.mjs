/**
 * Where a publisher sends to, and what it sends beside the body: straight to its queue and hardly anything, or, where
 * `MESSAGE` is `whole`, what Handoff sends: by a topic exchange, with the headers and properties of a CloudEvent. What that
 * takes longer is the price of the message, at the broker and wherever headers are put into frames.
 */
import { env } from 'node:process'
import { connect } from 'amqplib'
import { brokerUrl, queue } from './peer.mjs'

const type = 'payment.capture'
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const safely = { persistent: true, mandatory: true, contentType: 'application/json' }
let serial = 0

/** Resolves with exchange, routing key, and a function that makes the properties of one message in amqplib's terms. */
export async function destination() {
  if (env.MESSAGE !== 'whole') return { exchange: '', routingKey: queue, properties: () => ({ ...safely }) }
  const exchange = `${queue}.commands`
  await bind(exchange)
  return { exchange, routingKey: type, properties: wholeProperties }
}

async function bind(exchange) {
  const connection = await connect(brokerUrl)
  const channel = await connection.createChannel()
  await channel.assertExchange(exchange, 'topic')
  await channel.bindQueue(queue, exchange, type)
  await connection.close()
}

function wholeProperties() {
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
    ...safely,
    messageId: id,
    timestamp: 1_780_000_000,
    type,
    userId: 'guest',
    appId: 'handoff-producer',
    headers,
  }
}
