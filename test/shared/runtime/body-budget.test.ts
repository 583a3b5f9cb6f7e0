import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify from 'fastify'
import { addBodyBudget } from '../../../shared/runtime/body-budget'
import { asProblem } from '../../../shared/runtime/problem-error'
import { sendProblem } from '../../../shared/runtime/problem-reply'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

function appWithBudget() {
  const work = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const app = fastify()
  atEnd(() => app.close())
  let arrived = 0
  let hungUp = 0
  app.addHook('onRequest', async ({ raw, headers }, reply) => {
    arrived++
    raw.socket.once('close', () => hungUp++)
    if (headers['x-hang-up'] === undefined) return
    raw.socket.destroy()
    await once(reply.raw, 'close')
  })
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, asProblem(error)))
  addBodyBudget(app, { bodyLimit: 60, maxBytes: 100 })
  app.post('/slow', async () => {
    begun.resolve()
    await work.promise
    return {}
  })
  const post = (payload: string) =>
    app.inject({ method: 'POST', url: '/slow', headers: { 'content-type': 'text/plain' }, payload })
  return { app, arrived: () => arrived, hungUp: () => hungUp, post, begun: begun.promise, finish: work.resolve }
}

/** A raw connection, which can send a part of a request and hang up. */
async function callerOf({ app }: ReturnType<typeof appWithBudget>): Promise<Socket> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
  atEnd(() => socket.destroy())
  return socket
}

const request = (body: string, headers = '') =>
  `POST /slow HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 60\r\n${headers}\r\n${body}`

test('a body that would go over the budget is not accepted until those at work are answered', async () => {
  const { post, begun, finish } = appWithBudget()
  const first = post('x'.repeat(60))
  await begun
  const refused = await post('x'.repeat(41))
  expect([refused.statusCode, refused.json()]).toEqual([503, expect.objectContaining({ outcome: 'not_accepted' })])
  const fits = post('x'.repeat(40))
  finish()
  expect([(await first).statusCode, (await fits).statusCode]).toEqual([200, 200])
  expect((await post('x'.repeat(60))).statusCode).toBe(200)
})

describe('a caller that goes away gives its share back', () => {
  const getsThrough = (door: ReturnType<typeof appWithBudget>) =>
    eventually('room for a healthy request', async () => (await door.post('x'.repeat(60))).statusCode === 200)

  test('in the middle of the body', async () => {
    const door = appWithBudget()
    const caller = await callerOf(door)
    caller.write(request('x'))
    await eventually('the request', () => door.arrived() === 1)
    caller.destroy()
    door.finish()
    await getsThrough(door)
  })

  test('after the whole body, before the answer', async () => {
    const door = appWithBudget()
    const caller = await callerOf(door)
    caller.write(request('x'.repeat(60)))
    await door.begun
    caller.destroy()
    await eventually('the end of the connection', () => door.hungUp() === 1)
    door.finish()
    await getsThrough(door)
  })

  test('with a second request waiting behind the first on its connection', async () => {
    const door = appWithBudget()
    const caller = await callerOf(door)
    caller.write(request('x'.repeat(60)) + request('x').replace('60', '40'))
    await eventually('both requests', () => door.arrived() === 2)
    caller.destroy()
    await eventually('the end of the connection', () => door.hungUp() === 2)
    door.finish()
    await getsThrough(door)
  })

  test('before its body is counted', async () => {
    const door = appWithBudget()
    const caller = await callerOf(door)
    caller.write(request('x'.repeat(60), 'x-hang-up: 1\r\n'))
    await once(caller, 'close')
    door.finish()
    await getsThrough(door)
  })
})
