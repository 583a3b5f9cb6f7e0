import { createHash } from 'node:crypto'
import { keyIn, parseKeys } from '../../../shared/runtime/api-keys'
import { openDoor, type Door } from './door'

const hash = (key: string) => createHash('sha256').update(key).digest('hex')
const keys = `ada:${hash('one')}, bob:${hash('two').toUpperCase()}`
const send = (door: Door, headers: Record<string, string>) => door.post('/messages/hello', '"x"', { headers })

describe('without keys', () => {
  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in an old browser', { origin: 'http://evil.example', host: '127.0.0.1:3000' }],
    ['a sandboxed page', { origin: 'null', host: '127.0.0.1:3000' }],
  ])('a page of %s may not send', async (_, headers) => {
    const door = await openDoor()
    const response = await send(door, headers)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([403, 'cross-site'])
    expect(door.published).toEqual([])
  })

  test.each<[string, Record<string, string>]>([
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
    ['our own page, in an old browser', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
    ['a program', {}],
  ])('%s may', async (_, headers) => {
    expect((await send(await openDoor(), headers)).statusCode).toBe(202)
  })
})

describe('with keys', () => {
  test.each(['Bearer one', 'bearer  two', 'Bearer two '])('"%s" may send', async (authorization) => {
    expect((await send(await openDoor({ config: { API_KEYS: keys } }), { authorization })).statusCode).toBe(202)
  })

  test.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['no key', { authorization: 'Bearer ' }],
    ['a wrong key', { authorization: 'Bearer three' }],
    ['a truncated key', { authorization: 'Bearer on' }],
    ['the hash for the key', { authorization: `Bearer ${hash('one')}` }],
    ['the name for the key', { authorization: 'Bearer ada' }],
    ['another scheme', { authorization: 'Basic one' }],
    ['two keys', { authorization: 'Bearer one two' }],
  ])('%s is 401 and nothing is published', async (_name, headers) => {
    const door = await openDoor({ config: { API_KEYS: keys } })
    const response = await send(door, headers)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([401, 'key-required'])
    expect(response.headers['www-authenticate']).toBe('Bearer')
    expect(door.published).toEqual([])
  })

  test('a wrong key is refused before the body is judged', async () => {
    const door = await openDoor({ config: { API_KEYS: keys, BODY_LIMIT: 10 } })
    expect((await door.post('/messages/hello', 'x'.repeat(100))).statusCode).toBe(401)
  })

  test.each(['/livez', '/readyz'])('%s is open', async (url) => {
    const door = await openDoor({ config: { API_KEYS: keys } })
    expect((await door.app.inject(url)).statusCode).toBe(200)
  })

  test.each(['/metrics', '/openapi.json', '/docs/', '/messages/nope', '/nothing', '/problems/not-found', '/livez/'])(
    '%s needs a key',
    async (url) => {
      const door = await openDoor({ config: { API_KEYS: keys } })
      expect((await door.app.inject(url)).statusCode).toBe(401)
      expect((await door.app.inject({ url, headers: { authorization: 'Bearer one' } })).statusCode).not.toBe(401)
    },
  )

  test('the log has the name of the key and never the key', async () => {
    const door = await openDoor({ config: { API_KEYS: keys } })
    await send(door, { authorization: 'Bearer one' })
    await send(door, { authorization: 'Bearer canary' })
    expect(door.logged()[0]).toMatchObject({ caller: 'ada', outcome: 'confirmed' })
    expect(JSON.stringify(door.logged())).not.toMatch(/canary|Bearer|\bone\b/)
  })
})

test('without keys anyone may send', async () => {
  expect((await send(await openDoor(), {})).statusCode).toBe(202)
})

test('a name may have two keys while one replaces the other', () => {
  const two = parseKeys(`ada:${hash('old')},ada:${hash('new')}`)
  expect(['old', 'new', 'other'].map((key) => keyIn(two, `Bearer ${key}`)?.name)).toEqual(['ada', 'ada', undefined])
})

describe('with a rate limit', () => {
  test('what is over a key’s rate is 429 with Retry-After; another key has its own', async () => {
    const door = await openDoor({ config: { API_KEYS: keys, RATE_LIMIT: 5 } })
    const as = (key: string) => send(door, { authorization: `Bearer ${key}` })
    const statuses = await Promise.all(Array.from({ length: 10 }, () => as('one')))
    expect(statuses.filter(({ statusCode }) => statusCode === 202)).toHaveLength(5)
    const refused = statuses.find(({ statusCode }) => statusCode === 429)
    expect(refused?.json()).toMatchObject({ code: 'too-many-requests', status: 429 })
    expect(refused?.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(refused?.headers['retry-after']).toBe('1')
    expect((await as('two')).statusCode).toBe(202)
    expect(door.published).toHaveLength(6)
  })

  test('guessing keys is limited as well, also where nothing is', async () => {
    const door = await openDoor({ config: { API_KEYS: keys, RATE_LIMIT: 5 } })
    const guesses = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        door.post(i % 2 ? '/messages/hello' : '/nothing', '', { headers: { authorization: `Bearer ${i}` } }),
      ),
    )
    const count = (status: number) => guesses.filter(({ statusCode }) => statusCode === status).length
    expect([count(401), count(429)]).toEqual([5, 45])
  })

  test('probes are never limited', async () => {
    const door = await openDoor({ config: { RATE_LIMIT: 1 } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => door.app.inject('/livez')))
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true)
  })
})
