import { connect } from 'node:net'
import { pino } from 'pino'
import { answerEvents } from '../../../services/console/live/event-lines'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

const pieces = 1_000
const large = 'x'.repeat(65_536)

/** Far more than sockets hold, sent to whoever asks. */
async function open() {
  const told = { sent: 0, ended: false }
  const app = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1_024 })
  app.get('/', (_request, reply) => {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort(new Error('gone')))
    return answerEvents(reply, {
      signal: gone.signal,
      work: async (send) => {
        try {
          for (; told.sent < pieces; told.sent++) await send({ id: String(told.sent), data: large })
        } finally {
          told.ended = true
        }
      },
    })
  })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  atEnd(() => app.close())
  const socket = connect(Number(port), '127.0.0.1')
  atEnd(() => socket.destroy())
  socket.pause()
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  await eventually('it is being sent', () => told.sent > 5)
  return { told, socket }
}

test('is not sent faster than it is taken, and goes on when it is', async () => {
  const { told, socket } = await open()
  expect(told).toMatchObject({ ended: false })
  expect(told.sent).toBeLessThan(pieces / 2)
  socket.resume()
  await eventually('all is sent', () => told.ended && told.sent === pieces)
})

test('ends the work of whoever goes away while he is behind', async () => {
  const { told, socket } = await open()
  socket.destroy()
  await eventually('the work has ended', () => told.ended)
  expect(told.sent).toBeLessThan(pieces)
})
