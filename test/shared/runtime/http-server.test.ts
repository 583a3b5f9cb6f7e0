import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

interface Problem {
  readonly type: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
}

function createApp(): FastifyInstance {
  const app = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1_000 })
  atEnd(() => app.close())
  app.post('/echo', ({ body }) => ({ bytes: (body as Buffer | undefined)?.length }))
  app.get('/broken', () => {
    throw new Error('canary secret')
  })
  app.get('/refused', () => {
    throw new ProblemError('in-flight', 'wait a little', { headers: { 'retry-after': '1' }, members: { id: '4711' } })
  })
  app.get('/away', () => {
    throw new ProblemError('not-accepted', 'canary host is down', { members: { outcome: 'not_accepted' } })
  })
  return app
}

describe('every refusal is problem+json', () => {
  test.each([
    ['GET', '/nothing', 404, 'not-found'],
    ['POST', '/nothing', 404, 'not-found'],
    ['GET', '/%zz', 400, 'malformed-request'],
    ['GET', '/echo', 405, 'method-not-allowed'],
    ['HEAD', '/echo', 405, ''],
    ['DELETE', '/echo', 405, 'method-not-allowed'],
    ['TRACE', '/echo', 405, 'method-not-allowed'],
    ['GET', '/broken', 500, 'internal-error'],
    ['GET', '/refused', 409, 'in-flight'],
  ] as const)('%s %s is %i %s', async (method, url, status, code) => {
    const response = await createApp().inject({ method: method as 'GET', url })
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(response.headers['x-content-type-options']).toBe('nosniff')
    if (method !== 'HEAD')
      expect(response.json()).toMatchObject({ type: `/problems/${code}`, status, code, instance: url.split('?')[0] })
  })

  test('405 and OPTIONS tell the methods', async () => {
    const app = createApp()
    const refused = await app.inject({ method: 'PUT', url: '/echo', payload: 'x' })
    expect(refused.headers['allow']).toBe('POST, OPTIONS')
    const options = await app.inject({ method: 'OPTIONS', url: '/echo' })
    expect([options.statusCode, options.headers['allow'], options.body]).toEqual([204, 'POST, OPTIONS', ''])
  })

  test('members and headers of a problem reach the caller', async () => {
    const response = await createApp().inject('/refused')
    expect(response.headers['retry-after']).toBe('1')
    expect(response.json()).toMatchObject({ detail: 'wait a little', id: '4711' })
  })

  test.each(['/broken', '/away'])('from 500 on the caller does not read the message (%s)', async (url) => {
    const response = await createApp().inject(url)
    expect(response.body).not.toContain('canary')
    expect(response.json<Problem>().detail).toMatch(/Repeat the request/)
  })

  test('a body over the limit is 413, announced or not', async () => {
    const app = createApp()
    const response = await app.inject({ method: 'POST', url: '/echo', payload: 'x'.repeat(1_001) })
    expect([response.statusCode, response.json<Problem>().code]).toEqual([413, 'body-too-large'])
    const fits = await app.inject({ method: 'POST', url: '/echo', payload: 'x'.repeat(1_000) })
    expect(fits.json()).toEqual({ bytes: 1_000 })
  })

  test('an invalid content type is 415', async () => {
    const headers = { 'content-type': 'no type' }
    const response = await createApp().inject({ method: 'POST', url: '/echo', headers, payload: 'x' })
    expect([response.statusCode, response.json<Problem>().code]).toEqual([415, 'unsupported-media-type'])
  })

  test('the type of a problem leads to its explanation', async () => {
    const app = createApp()
    const { type } = (await app.inject('/nothing')).json<Problem>()
    expect((await app.inject(type)).json()).toMatchObject({ code: 'not-found', status: 404 })
  })
})

test('a request id is taken from the caller if it is harmless, and always told', async () => {
  const app = createApp()
  const idFor = async (given: string) =>
    (await app.inject({ url: '/nothing', headers: { 'x-request-id': given } })).json<Problem>().requestId
  expect(await idFor('job-17/a')).toBe('job-17/a')
  for (const bad of ['x'.repeat(129), 'a b', '<script>', '']) expect(await idFor(bad)).toMatch(/^[0-9a-f-]{36}$/)
})

test('nothing tells what the server is made of', async () => {
  const { headers } = await createApp().inject('/nothing')
  expect(headers).not.toHaveProperty('server')
  expect(headers).not.toHaveProperty('x-powered-by')
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

describe('on the bare socket', () => {
  async function listening(app = createApp()): Promise<number> {
    await app.listen({ port: 0, host: '127.0.0.1' })
    return (app.server.address() as AddressInfo).port
  }

  /** Sends the parts and answers with all that comes back until the server closes. */
  async function talk(port: number, ...parts: string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    atEnd(() => socket.destroy())
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    for (const part of parts) socket.write(part)
    await once(socket, 'close')
    return answer
  }

  const head = 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'

  test.each([
    ['garbage', 'nonsense\r\n\r\n', 400, 'malformed-request'],
    [
      'both lengths',
      `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'malformed-request',
    ],
    ['two lengths', `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`, 400, 'malformed-request'],
    ['an obs-folded header', `${head}x-a: b\r\n c\r\n: \r\n\r\n`, 400, 'malformed-request'],
    ['a bad chunk size', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400, 'malformed-request'],
    ['headers over 8 KiB', `${head}x-a: ${'a'.repeat(9_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['an unknown method', 'FOO /echo HTTP/1.1\r\nhost: a\r\n\r\n', 400, 'malformed-request'],
    ['no Host', 'GET /nothing HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed-request'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n', 405, 'method-not-allowed'],
    ['a strange Expect', `${head}expect: wonders\r\ncontent-length: 0\r\n\r\n`, 417, 'expectation-failed'],
    ['a length over the limit', `${head}content-length: 99999999\r\n\r\nx`, 413, 'body-too-large'],
    [
      'endless chunks',
      `${head}transfer-encoding: chunked\r\n\r\n${`400\r\n${'x'.repeat(1_024)}\r\n`.repeat(8)}`,
      413,
      'body-too-large',
    ],
    [
      'more than 100 headers',
      `${head}connection: close\r\n${Array.from({ length: 101 }, (_, i) => `x-${i}: 1\r\n`).join('')}content-length: 0\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])('%s', async (_name, request, status, code) => {
    const answer = await talk(await listening(), request)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/content-type: application\/problem\+json/i)
    expect(answer).toContain(`"code":"${code}"`)
  })

  test('slow headers are 408 after five seconds, a lying Content-Length after ten', async () => {
    const port = await listening()
    const startedAt = performance.now()
    const after = async (answer: Promise<string>) => ({ answer: await answer, ms: performance.now() - startedAt })
    const [headers, body] = await Promise.all([
      after(talk(port, 'POST /echo HTTP/1.1\r\nhost: a\r\n')),
      after(talk(port, `${head}content-length: 500\r\n\r\n{"a":`)),
    ])
    for (const { answer } of [headers, body]) expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request-timeout"/)
    expect(headers.ms).toBeGreaterThan(4_500)
    expect(headers.ms).toBeLessThan(8_000)
    expect(body.ms).toBeGreaterThan(9_500)
    expect(body.ms).toBeLessThan(13_000)
  })

  test('garbage behind a request at work is not taken for the answer to it', async () => {
    const app = createApp()
    const work = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    app.post('/slow', async () => {
      begun.resolve()
      await work.promise
      return { done: true }
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const port = (app.server.address() as AddressInfo).port
    const socket = connect(port, '127.0.0.1')
    atEnd(() => socket.destroy())
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.write('POST /slow HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi')
    await begun.promise
    socket.write('garbage\r\n\r\n')
    await once(socket, 'close')
    work.resolve()
    expect(answer).toBe('')
  })

  test('garbage that comes in one piece with a whole request is not taken for the answer to it', async () => {
    const answer = await talk(
      await listening(),
      'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhigarbage\r\n\r\n',
    )
    expect(answer).not.toMatch(/ 400 /)
  })

  test('a CONNECT whose caller resets the connection does no harm', async () => {
    const app = createApp()
    const port = await listening(app)
    let ended = 0
    app.server.on('connect', (_request, socket: Socket) => socket.once('close', () => ended++))
    for (let round = 1; round <= 10; round++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write('CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n', () => socket.resetAndDestroy())
      await once(socket, 'close')
    }
    await eventually('all have ended', () => ended === 10)
    expect(await talk(port, 'GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toMatch(/ 404 /)
  })

  test.each([
    ['says nothing', ''],
    ['stops within its head', 'POST /echo HTTP/1.1\r\nhost'],
    ['stops within its body', 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhe'],
  ])('a connection that %s does not hold a close up', async (_what, part) => {
    const app = createApp()
    const port = await listening(app)
    const connected = once(app.server, 'connection')
    const silent = connect(port, '127.0.0.1')
    silent.on('error', () => undefined)
    atEnd(() => silent.destroy())
    const [accepted] = (await connected) as [Socket]
    silent.write(part)
    await eventually('it has arrived', () => accepted.bytesRead === part.length)
    const closingAt = performance.now()
    await app.close()
    expect(performance.now() - closingAt).toBeLessThan(4_000)
  })

  test('closing lets a request at work be answered and its connection go at once', async () => {
    const app = createApp()
    const work = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    app.get('/slow', async () => {
      begun.resolve()
      await work.promise
      return { done: true }
    })
    const closingBegun = Promise.withResolvers<void>()
    app.addHook('preClose', (done) => {
      closingBegun.resolve()
      done()
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const answered = talk(
      (app.server.address() as AddressInfo).port,
      'GET /slow HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n\r\n',
    )
    await begun.promise
    const closingAt = performance.now()
    const closed = app.close()
    await closingBegun.promise
    work.resolve()
    expect(await answered).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"done":true/i)
    await closed
    expect(performance.now() - closingAt).toBeLessThan(3_000)
  })
})
