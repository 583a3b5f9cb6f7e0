/**
 * The yardstick of batches that is fed as Handoff is: a stream of CloudEvents comes in over HTTP, each is published with
 * confirms awaited by amqplib, and has a line of answer. Nothing is checked, and what waits for an answer is not told in order.
 */
import { createServer } from 'node:http'
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
  const server = createServer((request, response) => {
    takeAll(request, response, { channel, to }).catch((error) => response.destroy(error))
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

async function takeAll(request, response, { channel, to }) {
  let [underWay, position, room, answers] = [0, 0, undefined, []]
  const tell = () => {
    if (answers.length === 0) return
    response.write(answers.join(''))
    answers = []
  }
  for await (const line of linesOf(request)) {
    const event = JSON.parse(line)
    const own = ++position
    underWay++
    const settled = (error) => {
      if (error) response.destroy(error)
      else if (answers.push(`{"position":${own},"status":202,"id":"${event.id}"}\n`) === 1) setImmediate(tell)
      if (--underWay < awaited) room?.()
    }
    channel.publish(to.exchange, to.routingKey, Buffer.from(JSON.stringify(event.data)), to.properties(event), settled)
    if (underWay >= awaited) await new Promise((resolve) => (room = resolve))
  }
  while (underWay > 0) await new Promise((resolve) => (room = resolve))
  tell()
  response.end()
}

async function* linesOf(request) {
  let rest = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
