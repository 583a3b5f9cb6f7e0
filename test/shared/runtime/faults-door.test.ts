/** The door by which faults are made to happen: only by whoever means them, and never by a page of another site. */
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { addFaultsDoor } from '../../../shared/runtime/faults-door'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { atEnd } from '../../support/ends'

function openDoor() {
  const struck: unknown[] = []
  const logger = pino({ level: 'silent' })
  const app = createHttpServer({ logger, bodyLimit: 1_000 })
  atEnd(() => app.close())
  const strike = (asked: unknown) => {
    struck.push(asked)
    return Promise.resolve({ detail: 'done' })
  }
  const refused = () => Promise.reject(new ProblemError('refused-operation', 'not like this'))
  const broken = () => Promise.reject(new Error('the broker is away'))
  const obstacle = () => undefined
  addFaultsDoor(app, {
    logger,
    acts: {
      harm: { obstacle, strike },
      blocked: { obstacle: () => 'nobody is there', strike },
      picky: { obstacle, strike: refused },
      broken: { obstacle, strike: broken },
    },
  })
  const post = (kind: string, { headers, ...options }: InjectOptions = {}) =>
    app.inject({ method: 'POST', url: `/faults/${kind}`, ...options, headers: { 'handoff-fault': kind, ...headers } })
  return { app, struck, post }
}

test('tells what can be made to happen, and what is in the way', async () => {
  const { app } = openDoor()
  const { faults } = (await app.inject('/faults')).json<{ faults: readonly object[] }>()
  expect(faults).toEqual([
    { kind: 'harm' },
    { kind: 'blocked', obstacle: 'nobody is there' },
    { kind: 'picky' },
    { kind: 'broken' },
  ])
})

test('does what is meant, with what is asked', async () => {
  const { post, struck } = openDoor()
  const answer = await post('harm', { payload: '{"type":"hello"}' })
  expect([answer.statusCode, answer.json()]).toEqual([200, { detail: 'done' }])
  expect(struck).toEqual([{ type: 'hello' }])
})

test.each([
  ['no header', {}],
  ['another fault in it', { 'handoff-fault': 'kill' }],
])('refuses a request with %s', async (_what, headers) => {
  const { app, struck } = openDoor()
  const answer = await app.inject({ method: 'POST', url: '/faults/harm', headers })
  expect(answer.json()).toMatchObject({ status: 403, code: 'fault-not-meant' })
  expect(struck).toEqual([])
})

test.each([
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 'cross-site'],
  ['a page of another origin, of a browser that says no more', { origin: 'http://evil.example' }, 'cross-site'],
  ['what a proxy passes on', { 'x-forwarded-for': '10.0.0.1' }, 'cross-site'],
  ['what another one passes on', { via: '1.1 proxy' }, 'cross-site'],
  ['a name that leads here (DNS rebinding)', { host: 'evil.example:3001' }, 'foreign-name'],
])('refuses %s, whatever header it has', async (_who, headers, code) => {
  const { app, post, struck } = openDoor()
  expect((await post('harm', { headers })).json()).toMatchObject({ status: 403, code })
  expect((await app.inject({ url: '/faults', headers })).json()).toMatchObject({ status: 403, code })
  expect(struck).toEqual([])
})

test('a browser asks first, and is not let in', async () => {
  const { app } = openDoor()
  const headers = { origin: 'http://evil.example', 'access-control-request-headers': 'handoff-fault' }
  const answer = await app.inject({ method: 'OPTIONS', url: '/faults/harm', headers })
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('says what is in the way, what it does not know, and what went wrong', async () => {
  const { post, struck } = openDoor()
  const problemOf = async (kind: string, options?: InjectOptions) => (await post(kind, options)).json<object>()
  expect(await problemOf('blocked')).toMatchObject({
    status: 409,
    code: 'fault-unavailable',
    detail: 'nobody is there',
  })
  expect(await problemOf('toString')).toMatchObject({
    status: 404,
    detail: expect.stringContaining('harm, blocked') as string,
  })
  expect(await problemOf('picky')).toMatchObject({ status: 422, detail: 'not like this' })
  expect(await problemOf('broken')).toMatchObject({ status: 409, detail: 'the broker is away' })
  expect(await problemOf('harm', { payload: '[' })).toMatchObject({ status: 400, code: 'unreadable-body' })
  expect(struck).toEqual([])
})
