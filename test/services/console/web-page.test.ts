import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { atEnd } from '../../support/ends'
import { openConsoleDoor } from './door'

function page(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-page-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<title>Handoff</title>')
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'plain()')
  writeFileSync(join(folder, 'assets', 'index-1.js.gz'), gzipSync('plain()'))
  return folder
}

const open = (config = {}) => openConsoleDoor(config, undefined, { pageFolder: page() })
const CONSOLE_API_KEYS = `ops:${createHash('sha256').update('one').digest('hex')}`

test('is served under a policy that lets nothing in from elsewhere, and is asked for again each time', async () => {
  const { app } = await open()
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, '<title>Handoff</title>'])
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  const policy = String(answer.headers['content-security-policy'])
  for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule)
  expect(policy).not.toContain('unsafe')
})

test('its parts are kept for a year, and come compressed to whoever takes that', async () => {
  const { app } = await open()
  const plain = await app.inject('/assets/index-1.js')
  expect(plain.body).toBe('plain()')
  expect(plain.headers['cache-control']).toContain('immutable')
  const zipped = await app.inject({ url: '/assets/index-1.js', headers: { 'accept-encoding': 'gzip' } })
  expect(zipped.headers['content-encoding']).toBe('gzip')
})

test('gives out nothing but its own files', async () => {
  const { app } = await open()
  for (const url of ['/assets/none.js', '/assets/../index.html', '/assets/%2e%2e/%2e%2e/etc/passwd', '/assets/']) {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    // During an update another console may have it.
    expect(answer.headers['cache-control']).toBe('no-store')
  }
})

test('needs no key, and any site may have a link to it, while all that it asks for needs both', async () => {
  const { app } = await open({ CONSOLE_API_KEYS })
  for (const url of ['/', '/assets/index-1.js']) expect((await app.inject(url)).statusCode).toBe(200)
  for (const url of ['/messages', '/messages/m-1', '/live', '/numbers', '/system', '/contracts'])
    expect((await app.inject(url)).statusCode).toBe(401)
  const keyless = await open()
  const headers = { host: '127.0.0.1:8080', 'sec-fetch-site': 'cross-site' }
  expect((await keyless.app.inject({ url: '/', headers })).statusCode).toBe(200)
  for (const url of ['/messages', '/live', '/system', '/contracts'])
    expect((await keyless.app.inject({ url, headers })).statusCode).toBe(403)
  const post = { method: 'POST', url: '/messages/hello', headers, payload: '"Hi"' } as const
  expect((await keyless.app.inject(post)).statusCode).toBe(403)
})

test('one that is not built is said, with the command that builds it', async () => {
  const { app } = await openConsoleDoor()
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([503, 'The page of the console is not built: npm run build\n'])
})
