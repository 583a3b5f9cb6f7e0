const frameBytes = 21
const payloadBytes = 13
const basicAck = 0x003c0050
const frameEnd = 0xce

/**
 * A basic.ack for each delivery tag (AMQP 0-9-1, 4.2.3 and 1.8.3.13), one behind the other. Never one for several
 * (`multiple`), which would ack with its own all that came before it, whether it was worked on or not.
 */
export function ackFrames(tags: readonly number[], channel: number): Buffer {
  const frames = Buffer.alloc(tags.length * frameBytes)
  tags.forEach((tag, at) => {
    const start = at * frameBytes
    frames[start] = 1
    frames.writeUInt16BE(channel, start + 1)
    frames.writeUInt32BE(payloadBytes, start + 3)
    frames.writeUInt32BE(basicAck, start + 7)
    frames.writeUInt32BE(Math.floor(tag / 2 ** 32), start + 11)
    frames.writeUInt32BE(tag % 2 ** 32, start + 15)
    frames[start + frameBytes - 1] = frameEnd
  })
  return frames
}
