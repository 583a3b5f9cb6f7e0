/**
 * Loaded before a consumer to be watched, whatever it is built of: tells the parent process when amqplib was handed the
 * frame that acks each message that bears a number, on the clock that all processes of a machine share. Sent in batches; what is
 * measured is told afterwards and does not wait for it.
 */
'use strict'

const { dirname, join } = require('node:path')
const { hrtime } = require('node:process')

const batchMs = 50
// The very copy that the consumer will load.
const lib = join(dirname(require.resolve('amqplib', { paths: [dirname(process.argv[1])] })), 'lib')
const { BaseChannel } = require(join(lib, 'channel.js'))
const { Connection } = require(join(lib, 'connection.js'))

/** AMQP 0-9-1, 4.2.3: type, channel, size; then of a method its class and number. */
const methodFrame = 1
const frameOverhead = 8
const basicAck = 0x003c0050

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

/** The acks among whole frames; a consumer may have made these itself. */
function reportFrames(channel, frames) {
  for (let at = 0; at < frames.length; at += frameOverhead + frames.readUInt32BE(at + 3)) {
    if (frames[at] !== methodFrame || frames.readUInt32BE(at + 7) !== basicAck) continue
    report(channel, { deliveryTag: Number(frames.readBigUInt64BE(at + 11)), multiple: frames[at + 19] !== 0 })
  }
}

const { dispatchMessage } = BaseChannel.prototype
const { freshChannel } = Connection.prototype

BaseChannel.prototype.dispatchMessage = function (fields, message) {
  if (message !== null) remember(this, message)
  return dispatchMessage.call(this, fields, message)
}

Connection.prototype.freshChannel = function (channel, ...rest) {
  const number = freshChannel.call(this, channel, ...rest)
  const { buffer } = this.channels[number]
  const write = buffer.write.bind(buffer)
  buffer.write = (frames) => {
    reportFrames(channel, frames)
    return write(frames)
  }
  return number
}
