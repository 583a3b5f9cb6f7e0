import { ShelvedLetters, shelvedLetter } from '../../support/shelved-letters'
import { groupPath, openConsoleDoor } from './door'

interface Problem {
  readonly status: number
  readonly code: string
  readonly errors?: readonly { readonly pointer: string }[]
}

const reason = 'a test'

test.each<[string, string, unknown, string]>([
  ['nothing selected', 'replay', { selection: {} }, '/selection'],
  ['two ways to select', 'replay', { selection: { all: true, ids: ['a'] } }, '/selection'],
  ['an unknown fact', 'replay', { selection: { reson: 'failed' } }, '/selection/reson'],
  ['no id', 'replay', { selection: { ids: [] } }, '/selection/ids'],
  ['no selection', 'replay', {}, '/selection'],
  ['no time', 'replay', { selection: { since: 'yesterday' } }, '/selection/since'],
  ['a rate of nothing', 'replay', { selection: { all: true }, ratePerSecond: 0 }, '/ratePerSecond'],
  ['a count that is none', 'replay', { selection: { all: true }, expected: -1 }, '/expected'],
  ['an unknown member', 'replay', { selection: { all: true }, dryrun: true }, '/dryrun'],
  ['no reason', 'discard', { selection: { all: true } }, '/reason'],
  ['nothing to edit', 'x/edit', { reason }, ''],
  ['two ways to edit', 'x/edit', { data: {}, set: { '/a': 1 } }, ''],
  ['no pointer', 'x/edit', { set: { a: 1 } }, '/set'],
  ['the whole left out', 'x/edit', { unset: [''] }, '/unset'],
])('%s is 422 with its place, and nobody goes to the broker', async (_, path, body, pointer) => {
  const door = await openConsoleDoor()
  const answer = (await door.post(`${groupPath}/${path}`, body)).json<Problem>()
  expect(answer).toMatchObject({ status: 422, code: 'invalid-request' })
  expect(answer.errors?.map((error) => error.pointer)).toContain(pointer)
  expect(door.opened()).toBe(0)
})

test.each([
  ['text/plain', 'replay'],
  ['application/x-www-form-urlencoded', 'discard'],
  ['multipart/form-data; boundary=x', 'x/edit'],
  ['application/json', 'import'],
])('what a form or another client sends as %s is 415 at %s', async (contentType, path) => {
  const door = await openConsoleDoor()
  const answer = await door.post(`${groupPath}/${path}`, {}, { headers: { 'content-type': contentType } })
  expect(answer.statusCode).toBe(415)
  expect(door.opened()).toBe(0)
})

test.each(['null', '[]', '{"selection":{"all":true},"__proto__":{}}', 'nonsense', ''])(
  'the body %s is refused',
  async (payload) => {
    const { app } = await openConsoleDoor()
    const headers = { 'content-type': 'application/json' }
    const answer = await app.inject({ method: 'POST', url: `${groupPath}/replay`, headers, payload })
    expect([400, 422]).toContain(answer.statusCode)
  },
)

test.each(['9007199254740992', '9007199254740993'])('the number %s selects itself and no neighbour', async (id) => {
  const ids = ['9007199254740992', '9007199254740993']
  const shelved = new ShelvedLetters(ids.map((each) => shelvedLetter(`{"id":${each}}`)))
  const { app } = await openConsoleDoor({}, shelved)
  const payload = `{"reason":"a test","selection":{"where":[{"pointer":"/id","value":${id}}]}}`
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: `${groupPath}/discard`, headers, payload })
  expect(answer.body).toContain('"selected":1,"moved":1')
  expect(shelved.left.map(({ body }) => String(body))).toEqual(
    ids.filter((each) => each !== id).map((each) => `{"id":${each}}`),
  )
})

test('a body beyond its limit is 413, and an import has a limit of its own', async () => {
  const door = await openConsoleDoor({ BODY_LIMIT: 100 })
  const long = { selection: { ids: ['x'.repeat(200)] } }
  expect((await door.post(`${groupPath}/replay`, long)).statusCode).toBe(413)
  const headers = { 'content-type': 'application/x-ndjson' }
  expect((await door.post(`${groupPath}/import`, long, { headers })).statusCode).toBe(503)
})

test('a broker that is away is 503 with the reason, and so it stands in no list', async () => {
  const { app } = await openConsoleDoor()
  for (const path of ['/dead-letters', groupPath, `${groupPath}/failures`, `${groupPath}/export`, `${groupPath}/x`]) {
    const answer = await app.inject(path)
    expect(answer.json()).toMatchObject({ status: 503, code: 'dead-letters-away', reason: 'there is none' })
    expect([answer.headers['retry-after'], answer.headers['cache-control']]).toEqual(['5', 'no-store'])
  }
})

test('a group that there is not is 404, whatever is asked of it', async () => {
  const door = await openConsoleDoor()
  for (const path of ['', '/failures', '/export', '/x'])
    expect((await door.app.inject(`/dead-letters/nobody${path}`)).json<Problem>().code).toBe('unknown-group')
  expect((await door.post('/dead-letters/nobody/replay', { selection: { all: true } })).statusCode).toBe(404)
})

test('the documents have each route that the page asks for, and no other', async () => {
  const { app } = await openConsoleDoor()
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>()
  expect(Object.entries(paths).map(([path, methods]) => `${Object.keys(methods).join()} ${path}`)).toEqual([
    'get /live',
    'get,post /messages',
    'get /messages/{id}',
    'get /messages/{id}/content',
    'post /messages/{type}',
    'get /numbers',
    'get /system',
    'get /topology',
    'get /topology/route',
    'get /access',
    'get /routes',
    'post /routes/explain',
    'post /routes/what-if',
    'get /contracts',
    'post /contracts/{type}/check',
    'get /contracts/asyncapi.json',
    'get /contracts/openapi.json',
    'get /dead-letters',
    'get /dead-letters/{group}',
    'get /dead-letters/{group}/failures',
    'get /dead-letters/{group}/export',
    'get /dead-letters/{group}/{id}',
    'post /dead-letters/{group}/replay',
    'post /dead-letters/{group}/discard',
    'post /dead-letters/{group}/{id}/edit',
    'post /dead-letters/{group}/import',
  ])
  expect((await app.inject('/docs/')).statusCode).toBe(200)
})
