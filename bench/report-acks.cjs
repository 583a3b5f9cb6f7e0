/**
 * Loaded before a consumer to be watched, whatever it is built of: tells the parent process when amqplib was handed the
 * ack of each message that bears a number, on the clock that all processes of a machine share. Sent in batches; what is
 * measured is told afterwards and does not wait for it.
 */
'use strict'

const { dirname, join } = require('node:path')
const { hrtime } = require('node:process')

const batchMs = 50
// The very copy that the consumer will load.
const lib = join(dirname(require.resolve('amqplib', { paths: [dirname(process.argv[1])] })), 'lib')
const { BaseChannel } = require(join(lib, 'channel.js'))
const { BasicAck } = require(join(lib, 'defs.js'))

/** Per channel: the numbers of its unacknowledged messages by delivery tag, oldest first. */
const unacked = new WeakMap()
let batch = []

function numberIn(content) {
  return /"deliveryId":"(\d+)"/.exec(content.toString('latin1'))?.[1]
}

function remember(channel, { fields, content }) {
  const serial = numberIn(content)
  if (serial === undefined) return
  if (!unacked.has(channel)) unacked.set(channel, new Map())
  unacked.get(channel).set(fields.deliveryTag, Number(serial))
}

function report(channel, { deliveryTag, multiple }) {
  const atMs = Number(hrtime.bigint()) / 1e6
  const own = unacked.get(channel) ?? new Map()
  const tags = multiple ? [...own.keys()].filter((tag) => deliveryTag === 0 || tag <= deliveryTag) : [deliveryTag]
  for (const tag of tags) {
    if (own.has(tag)) tell([own.get(tag), atMs])
    own.delete(tag)
  }
}

function tell(ack) {
  if (batch.push(ack) > 1) return
  setTimeout(() => {
    process.send({ acks: batch })
    batch = []
  }, batchMs)
}

const { dispatchMessage, sendImmediately } = BaseChannel.prototype

BaseChannel.prototype.dispatchMessage = function (fields, message) {
  if (message !== null) remember(this, message)
  return dispatchMessage.call(this, fields, message)
}

BaseChannel.prototype.sendImmediately = function (method, fields) {
  if (method === BasicAck) report(this, fields)
  return sendImmediately.call(this, method, fields)
}
