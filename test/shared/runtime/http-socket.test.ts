/** What a server answers on the bare socket, where no client keeps the rules of HTTP. */
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { livedClock } from '../../support/lived'
import { createApp } from './http-app'

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

  test('a body that drips on after its answer ends with its connection', async () => {
    const port = await listening()
    const socket = connect(port, '127.0.0.1')
    atEnd(() => socket.destroy())
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.write('GET /nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 500\r\n\r\n')
    const drip = setInterval(() => socket.write('x'), 1_000)
    atEnd(() => clearInterval(drip))
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
  })

  test('slow headers are 408 after five seconds, a lying Content-Length after ten', async () => {
    const port = await listening()
    const [startedAt, lived] = [performance.now(), livedClock()]
    const after = async (talking: Promise<string>) => {
      const answer = await talking
      return { answer, ms: performance.now() - startedAt, livedMs: lived.now() }
    }
    const [headers, body] = await Promise.all([
      after(talk(port, 'POST /echo HTTP/1.1\r\nhost: a\r\n')),
      after(talk(port, `${head}content-length: 500\r\n\r\n{"a":`)),
    ])
    for (const { answer } of [headers, body]) expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request-timeout"/)
    expect(headers.ms).toBeGreaterThan(4_500)
    expect(headers.livedMs).toBeLessThan(8_000)
    expect(body.ms).toBeGreaterThan(9_500)
    expect(body.livedMs).toBeLessThan(13_000)
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

  test('garbage behind a request that was answered is told so', async () => {
    const socket = connect(await listening(), '127.0.0.1')
    atEnd(() => socket.destroy())
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.write(`${head}content-length: 2\r\n\r\n{}`)
    await eventually('the answer', () => answer.startsWith('HTTP/1.1 200 '))
    socket.write('nonsense\r\n\r\n')
    await once(socket, 'close')
    expect(answer).toMatch(/HTTP\/1\.1 400 [^]*"code":"malformed-request"/)
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
    const lived = livedClock()
    await app.close()
    expect(lived.now()).toBeLessThan(4_000)
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
    const lived = livedClock()
    const closed = app.close()
    await closingBegun.promise
    work.resolve()
    expect(await answered).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"done":true/i)
    await closed
    expect(lived.now()).toBeLessThan(3_000)
  })
})
