import { createApp } from './http-app'

interface Problem {
  readonly type: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
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
