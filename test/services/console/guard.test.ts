import { createHash } from 'node:crypto'
import { groupPath, openConsoleDoor } from './door'

const hash = (key: string) => createHash('sha256').update(key).digest('hex')
const all = { selection: { all: true } }
const here = '127.0.0.1:8080'

/** What is asked by POST since it has a body, and changes nothing. */
const harmless = ['/contracts/{type}/check', '/routes/explain']

const codeOf = (answer: { json: () => unknown }) => (answer.json() as { code: string }).code

describe('without keys', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a page of another site', { host: here, 'sec-fetch-site': 'cross-site' }, 'cross-site'],
    ['a page of another port', { host: here, 'sec-fetch-site': 'same-site' }, 'cross-site'],
    ['an old browser', { host: here, origin: 'http://evil.example' }, 'cross-site'],
    ['a sandboxed page', { host: here, origin: 'null' }, 'cross-site'],
    ['a page whose name leads here', { host: 'evil.example:8080', origin: 'http://evil.example:8080' }, 'foreign-name'],
    ['a page whose name looks like ours', { host: 'localhost.evil.example' }, 'foreign-name'],
    ['a name that is none', { host: 'a b' }, 'foreign-name'],
  ])('%s neither looks nor changes anything', async (_, headers, code) => {
    const door = await openConsoleDoor()
    for (const answer of [
      await door.app.inject({ url: groupPath, headers }),
      await door.post(`${groupPath}/replay`, all, { headers }),
    ])
      expect([answer.statusCode, codeOf(answer)]).toEqual([403, code])
    expect(door.opened()).toBe(0)
  })

  test.each<[string, Record<string, string>]>([
    ['a program', { host: here }],
    ['one that calls it by name', { host: 'localhost:8080' }],
    ['one that calls it by its other address', { host: '[::1]:8080' }],
    ['our own page', { host: here, origin: `http://${here}`, 'sec-fetch-site': 'same-origin' }],
  ])('%s gets to the dead letters', async (_, headers) => {
    const door = await openConsoleDoor()
    expect(codeOf(await door.app.inject({ url: groupPath, headers }))).toBe('dead-letters-away')
    expect(codeOf(await door.post(`${groupPath}/replay`, all, { headers }))).toBe('dead-letters-away')
    expect(door.opened()).toBe(2)
  })

  test('probes answer whatever name they call', async () => {
    const door = await openConsoleDoor()
    expect((await door.app.inject({ url: '/livez', headers: { host: 'console' } })).statusCode).toBe(200)
  })
})

describe('with keys', () => {
  const CONSOLE_API_KEYS = `ops:${hash('one')}`

  test('whoever has none is refused before the body is judged, and the log has the name and never the key', async () => {
    const door = await openConsoleDoor({ CONSOLE_API_KEYS })
    for (const authorization of ['', 'Bearer canary', `Bearer ${hash('one')}`])
      expect((await door.post(`${groupPath}/replay`, 'nonsense', { headers: { authorization } })).statusCode).toBe(401)
    for (const url of ['/metrics', '/openapi.json', '/docs/', '/dead-letters'])
      expect((await door.app.inject(url)).statusCode).toBe(401)
    expect(door.opened()).toBe(0)
    const headers = { authorization: 'Bearer one', host: 'console.example' }
    expect((await door.post(`${groupPath}/replay`, all, { headers })).statusCode).toBe(503)
    expect(door.logged().at(-1)).toMatchObject({ caller: 'ops', problem: 'dead-letters-away' })
    expect(JSON.stringify(door.logged())).not.toMatch(/canary|Bearer|\bone\b/)
  })
})

describe('with a key that may only look', () => {
  const keys = { CONSOLE_API_KEYS: `ops:${hash('one')}`, CONSOLE_READ_KEYS: `eve:${hash('two')}` }
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })

  test('everything is seen, and whatever would change something is refused before its body is judged', async () => {
    const door = await openConsoleDoor(keys)
    const { paths } = (await door.app.inject({ url: '/openapi.json', ...as('two') })).json<{
      paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    }>()
    const posts = Object.entries(paths).flatMap(([path, methods]) => ('post' in methods ? [path] : []))
    expect(posts.length).toBeGreaterThan(5)
    for (const path of posts) {
      const url = path.replace('{group}', 'ledger').replaceAll(/\{\w+\}/g, 'x')
      const answer = await door.app.inject({ method: 'POST', url, payload: 'nonsense', ...as('two') })
      if (harmless.includes(path)) expect(answer.statusCode).not.toBe(403)
      else expect([path, answer.statusCode, codeOf(answer)]).toEqual([path, 403, 'may-only-look'])
    }
    expect(codeOf(await door.app.inject({ url: groupPath, ...as('two') }))).toBe('dead-letters-away')
    expect(door.opened()).toBe(1)
  })

  test('rules of his own he cannot have tried', async () => {
    const door = await openConsoleDoor(keys)
    const body = { event: { type: 'nothing' }, routes: 'version: 1\nrules: []' }
    expect(codeOf(await door.post('/routes/explain', body, as('two')))).toBe('may-only-look')
    expect(codeOf(await door.post('/routes/explain', body, as('one')))).not.toBe('may-only-look')
    expect(codeOf(await door.post('/routes/explain', { event: body.event }, as('two')))).not.toBe('may-only-look')
  })

  test('each is told what he may do', async () => {
    const door = await openConsoleDoor(keys)
    expect((await door.app.inject({ url: '/access', ...as('one') })).json()).toEqual({ rights: 'all', by: 'ops' })
    expect((await door.app.inject({ url: '/access', ...as('two') })).json()).toEqual({ rights: 'look', by: 'eve' })
    expect((await door.app.inject('/access')).statusCode).toBe(401)
    const open = await openConsoleDoor()
    expect((await open.app.inject('/access')).json()).toEqual({ rights: 'all' })
    expect((await open.post(`${groupPath}/replay`, all)).statusCode).toBe(503)
  })

  test('such keys alone make a console in which nobody changes anything', async () => {
    const door = await openConsoleDoor({ CONSOLE_READ_KEYS: keys.CONSOLE_READ_KEYS })
    expect((await door.app.inject(groupPath)).statusCode).toBe(401)
    expect((await door.app.inject({ url: '/system', ...as('two') })).statusCode).toBe(200)
  })
})

test('what is over the rate is 429', async () => {
  const door = await openConsoleDoor({ RATE_LIMIT: 2 })
  const answers = await Promise.all(Array.from({ length: 6 }, () => door.app.inject('/dead-letters')))
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(4)
})
