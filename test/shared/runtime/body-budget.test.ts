import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify from 'fastify'
import { addBodyBudget, letBodyGo } from '../../../shared/runtime/body-budget'
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
  addBodyBudget(app, { bodyLimit: 60, maxBytes: 100, streams: ['application/x-ndjson'] })
  app.post('/slow', async () => {
    begun.resolve()
    await work.promise
    return {}
  })
  app.post('/light', async (request) => {
    letBodyGo(request)
    letBodyGo(request)
    begun.resolve()
    await work.promise
    return { body: request.body ?? 'gone' }
  })
  const signed = { config: { authentication: 'signature' } } as const
  app.post('/signed', signed, async () => {
    await work.promise
    return {}
  })
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  const post = (payload: string, url = '/slow', media = 'text/plain') =>
    app.inject({ method: 'POST', url, headers: { 'content-type': media }, payload })
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

test('a request that has let its body go holds nothing of it while it is at work', async () => {
  const { post, begun, finish } = appWithBudget()
  const light = post('x'.repeat(60), '/light')
  await begun
  const others = [post('x'.repeat(60)), post('x'.repeat(60))]
  finish()
  expect((await light).json()).toEqual({ body: 'gone' })
  // Neither its second call nor the end of its response has given anything back that was not its own.
  expect((await Promise.all(others)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 503])
})

test('bodies whose senders are not known yet have a small room of their own', async () => {
  const { post, finish, arrived } = appWithBudget()
  const anonymous = [post('x'.repeat(12), '/signed'), post('x'.repeat(12), '/signed')]
  await eventually('both have arrived', () => arrived() === 2)
  const known = post('x'.repeat(60))
  finish()
  // An eighth of a hundred has room for one of the two, whichever came first, and the rest is nobody else's.
  expect((await Promise.all(anonymous)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 503])
  expect((await known).statusCode).toBe(200)
})

test('what is read as a stream takes nothing of it', async () => {
  const { post, begun, finish } = appWithBudget()
  const stream = post('x'.repeat(60), '/slow', 'application/x-ndjson; charset=utf-8')
  await begun
  const other = post('x'.repeat(60))
  finish()
  expect([(await stream).statusCode, (await other).statusCode]).toEqual([200, 200])
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
